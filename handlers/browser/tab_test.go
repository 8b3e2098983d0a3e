package browser_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// look is how somebody sees pages.
type look struct {
	phone    bool // 390 by 844 and touched; else 1280 by 900 with a mouse
	dark     bool
	noScript bool
}

func (l look) String() string {
	words := []string{"wide"}
	if l.phone {
		words[0] = "phone"
	}
	if l.dark {
		words = append(words, "dark")
	}
	if l.noScript {
		words = append(words, "without script")
	}
	return strings.Join(words, " ")
}

// everyLook runs a journey wide and on a phone, each with JavaScript and without, on a server of
// its own.
func everyLook(t *testing.T, journey func(*testing.T, *handlerstest.Server, look)) {
	t.Parallel()
	for _, l := range []look{{}, {phone: true}, {noScript: true}, {phone: true, noScript: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			journey(t, handlerstest.Start(t), l)
		})
	}
}

// tab is somebody's browser: one tab, which shares no cookies with any other. At the end of the
// test it fails for whatever the console, the content policy or the network complained about.
type tab struct {
	t      *testing.T
	origin string
	ctx    context.Context
	look   look
	heard  *heard
}

// open opens a tab on a host of the server; "" is the base host.
func open(t *testing.T, s *handlerstest.Server, host string, l look) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(process, chromedp.WithTargetID(newWindow(t)))
	t.Cleanup(cancel)
	p := &tab{t: t, origin: s.Origin(host), ctx: ctx, look: l, heard: &heard{}}
	chromedp.ListenTarget(ctx, p.heard.listen)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(p.close)
	p.emulate(l)
	// Each tab is on top: a page in the background would not be told of its focus.
	p.do(emulation.SetFocusEmulationEnabled(true), emulation.SetScriptExecutionDisabled(l.noScript))
	return p
}

// newWindow opens a window of its own cookies and storage, which ends with the test. A new context
// has no window in which a tab could open.
func newWindow(t *testing.T) target.ID {
	t.Helper()
	ctx := cdp.WithExecutor(process, chromedp.FromContext(process).Browser)
	incognito, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(ctx)
	if err != nil {
		t.Fatalf("open a browser context: %v", err)
	}
	t.Cleanup(func() {
		if err := target.DisposeBrowserContext(incognito).Do(ctx); err != nil {
			t.Logf("close a browser context: %v", err)
		}
	})
	window, err := target.CreateTarget("about:blank").WithBrowserContextID(incognito).WithNewWindow(true).Do(ctx)
	if err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return window
}

// emulate changes the screen, the way of pointing and the colours. Motion is reduced always, so
// that nothing is looked at on its way.
func (p *tab) emulate(l look) {
	p.t.Helper()
	p.look.phone, p.look.dark = l.phone, l.dark
	width, height, colours := int64(1280), int64(900), "light"
	if l.phone {
		width, height = 390, 844
	}
	if l.dark {
		colours = "dark"
	}
	p.do(
		emulation.SetDeviceMetricsOverride(width, height, 1, l.phone),
		emulation.SetTouchEmulationEnabled(l.phone),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: colours}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}),
	)
	if !l.phone { // else the next page may be squeezed while it loads
		p.until("innerWidth === %d && innerHeight === %d", width, height)
	}
}

// visit opens a path and waits until its page has loaded.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.origin + path))
}

// reload loads the page again.
func (p *tab) reload() { p.t.Helper(); p.do(chromedp.Reload()) }

// loads waits until what is done has led to a new page, and the page has loaded.
func (p *tab) loads(do func()) {
	p.t.Helper()
	p.eval("window.isOldPage = true")
	do()
	p.until("!window.isOldPage && document.readyState === 'complete'")
}

// stays checks that what is done leads to no new page.
func (p *tab) stays(do func()) {
	p.t.Helper()
	p.eval("window.isSamePage = true")
	do()
	p.is("window.isSamePage === true")
}

// atStart runs a script before those of every page that is opened from now on.
func (p *tab) atStart(script string) {
	p.t.Helper()
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// expect names complaints that belong to the journey: each must come, and fails nothing.
func (p *tab) expect(complaints ...string) { p.heard.expect(complaints...) }
