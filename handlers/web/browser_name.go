package web

import "strings"

// named is a name that stands for a part of a browser's own words.
type named struct{ part, name string }

// browsers are looked for in this order: most name others that they are like.
var browsers = []named{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
}

var systems = []named{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

// browserName says in plain words what a browser calls itself, like "Firefox, Linux", for the list of
// sessions. What it cannot tell it leaves out; "" where that is all.
func browserName(agent string) string {
	browser, system := find(browsers, agent), find(systems, agent)
	if browser == "" || system == "" {
		return browser + system
	}
	return browser + ", " + system
}

func find(list []named, agent string) string {
	for _, n := range list {
		if strings.Contains(agent, n.part) {
			return n.name
		}
	}
	return ""
}
