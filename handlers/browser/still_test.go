package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// moved lists what has moved on a page while it loaded, and later without anybody having done anything: how much of
// the window it was, and what. Why not by hadRecentInput alone: a press on the page before counts for this one.
// A page that is looked at again has been squeezed into every screen meanwhile.
const moved = `window.lookedAt ? [] : new Promise((resolve) => {
	window.lookedAt = true;
	const all = [];
	const loading = performance.getEntriesByType("navigation")[0].loadEventEnd + 200; // milliseconds
	const take = (list) => list.getEntries().filter((e) => !e.hadRecentInput || e.startTime < loading).forEach((e) => all.push(
		e.value.toFixed(4) + " " + e.sources.map(({node}) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 120)).join(" | ")));
	const observer = new PerformanceObserver(take);
	observer.observe({type: "layout-shift", buffered: true});
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { take({getEntries: () => observer.takeRecords()}); resolve(all) })));
})`

// staysStill checks that nothing has moved while a page was loading.
func (p *tab) staysStill(name string) {
	p.t.Helper()
	var shifts []string
	p.until("performance.getEntriesByType('paint').length > 0")
	p.do(chromedp.Evaluate(moved, &shifts, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
	for _, shift := range shifts {
		p.t.Errorf("%s, %v: moves while it loads: %s", name, p.look, shift)
	}
}

// Nothing moves where the parts of a page come one after the other, on the narrowest line and screen.
func TestI1_NothingMovesWhileAPageLoadsSlowly(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	mailed := longTicket(s)
	p := open(t, s, "", look{phone: true})
	link, _ := askLogin(p, s, "ada@example.org")
	p.visit(link)
	p.until("location.pathname === '/tickets'")
	signIn(p, "admin@example.com")
	p.connects(slowLine)
	p.do(network.SetCacheDisabled(true))
	for _, path := range []string{
		"/ticket/support", mailed.thread, "/tickets", "/doc/support", "/doc/support/hand-scanner",
		"/desk", "/desk/tickets/7", "/desk/numbers", "/desk/settings/workspace", "/desk/settings/templates/2",
	} {
		p.visit(path)
		p.staysStill(path)
	}
}
