package browser_test

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// screens are what pages have to fit besides the two that people mostly have: the narrowest one that WCAG 2.2 (1.4.10)
// asks for, a tablet, text of twice the size (1.4.4), and a wide window.
var screens = []struct {
	name          string
	width, height int64
	text          int64 // pixels of the browser's own size of text
}{
	{"narrow", 320, 640, 16}, {"tablet", 768, 1024, 16}, {"large text", 768, 1024, 32}, {"very wide", 1440, 900, 16},
}

// staysNarrow checks that a page has not to be scrolled sideways, whatever people write into a ticket (I1).
func (p *tab) staysNarrow(name string) {
	p.t.Helper()
	p.emulate(look{phone: true})
	for _, screen := range screens {
		p.do(emulation.SetDeviceMetricsOverride(screen.width, screen.height, 1, screen.width < 1000),
			page.SetFontSizes(&page.FontSizes{Standard: screen.text, Fixed: screen.text * 13 / 16}))
		p.shot(name + " " + screen.name)
		if width := p.number("document.scrollingElement.scrollWidth"); width > float64(screen.width) {
			p.t.Errorf("%s, %s, is %.0f pixels wide, for: %s", name, screen.name, width, p.text(`[...document.querySelectorAll("body *")]
				.filter((e) => e.getBoundingClientRect().right > %d).map((e) => e.outerHTML.slice(0, 80)).join("\n")`, screen.width))
		}
	}
	p.emulate(look{})
}
