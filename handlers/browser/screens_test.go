package browser_test

import "github.com/chromedp/cdproto/emulation"

// screens are what pages have to fit besides the two that people mostly have: the narrowest one that WCAG 2.2 (1.4.10)
// asks for, which also is a window of 1280 at four times the size (1.4.4), a tablet, and a wide window.
var screens = []struct {
	name          string
	width, height int64
}{
	{"narrow", 320, 640}, {"tablet", 768, 1024}, {"very wide", 1440, 900},
}

// fitsEveryScreen checks that a page has not to be scrolled sideways, whatever people write into a ticket (I1).
func (p *tab) fitsEveryScreen(name string) {
	p.t.Helper()
	p.emulate(look{phone: true})
	for _, screen := range screens {
		p.do(emulation.SetDeviceMetricsOverride(screen.width, screen.height, 1, screen.width < 1000))
		p.shot(name + " " + screen.name)
		if width := p.number("document.scrollingElement.scrollWidth"); width > float64(screen.width) {
			p.t.Errorf("%s, %s, is %.0f pixels wide, for: %s", name, screen.name, width, p.text(`[...document.querySelectorAll("body *")]
				.filter((e) => e.getBoundingClientRect().right > %d).map((e) => e.outerHTML.slice(0, 80)).join("\n")`, screen.width))
		}
	}
	p.emulate(look{})
}
