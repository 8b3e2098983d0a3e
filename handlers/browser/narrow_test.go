package browser_test

import "github.com/chromedp/cdproto/emulation"

// staysNarrow checks that a page has not to be scrolled sideways on the narrowest screen that WCAG 2.2
// (1.4.10) asks for, whatever people write into a ticket (I1).
func (p *tab) staysNarrow(name string) {
	p.t.Helper()
	p.emulate(look{phone: true})
	p.do(emulation.SetDeviceMetricsOverride(320, 640, 1, true))
	p.shot(name + " narrow")
	if width := p.number("document.scrollingElement.scrollWidth"); width > 320 {
		p.t.Errorf("%s is %.0f pixels wide, for: %s", name, width, p.text(`[...document.querySelectorAll("body *")]
			.filter((e) => e.getBoundingClientRect().right > 320).map((e) => e.outerHTML.slice(0, 80)).join("\n")`))
	}
	p.emulate(look{})
}
