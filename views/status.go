package views

import "time"

// Status shows an admin how the installation is: what keeps its data, and what waits.
type Status struct {
	Settings
	Version string
	Lines   []StatusLine
}

// StatusLine is one part of the installation.
type StatusLine struct {
	Name  string
	State string // "ok", "warning", "problem", or "off" where nothing is set
	Word  string // the state in a word or two
	Says  string
	At    time.Time // when it was last seen to work; zero: that does not matter
	URL   string    // where to look further; may be empty
}

func (Status) template() string { return "admin/status.html" }
