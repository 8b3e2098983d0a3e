package browser_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// deadline is how long anything in a page may take: long, because machines that test are busy.
const deadline = 20 * time.Second

// interval is how often a page is asked whether what is waited for has come.
const interval = 15 * time.Millisecond

// do runs actions in the tab.
func (p *tab) do(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatalf("%v: %v", p.look, err)
	}
}

// eval runs an expression in the page, past its content policy, with scripts off too.
func (p *tab) eval(js string, args ...any) {
	p.t.Helper()
	p.do(chromedp.Evaluate(fmt.Sprintf(js, args...)+"; undefined", nil))
}

// text returns a text expression's value.
func (p *tab) text(js string, args ...any) string {
	p.t.Helper()
	var value string
	p.do(chromedp.Evaluate(fmt.Sprintf(js, args...), &value))
	return value
}

// number returns a number expression's value.
func (p *tab) number(js string, args ...any) float64 {
	p.t.Helper()
	var value float64
	p.do(chromedp.Evaluate(fmt.Sprintf(js, args...), &value))
	return value
}

// is checks that an expression is true now.
func (p *tab) is(js string, args ...any) {
	p.t.Helper()
	condition := fmt.Sprintf(js, args...)
	var holds bool
	p.do(chromedp.Evaluate("Boolean("+condition+")", &holds))
	if !holds {
		p.t.Fatalf("%v: not true: %s\n%s", p.look, condition, p.describe())
	}
}

// until waits until an expression is true. A page that is being replaced answers with an error,
// which is waited out too.
func (p *tab) until(js string, args ...any) {
	p.t.Helper()
	condition := fmt.Sprintf(js, args...)
	p.eventually(condition, func(ctx context.Context) bool {
		var holds bool
		err := chromedp.Run(ctx, chromedp.Evaluate("Boolean("+condition+")", &holds))
		return err == nil && holds
	})
}

// eventually asks again and again until something is so, and fails at the deadline.
func (p *tab) eventually(what string, so func(context.Context) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	again := time.NewTicker(interval)
	defer again.Stop()
	for !so(ctx) {
		select {
		case <-again.C:
		case <-ctx.Done():
			p.t.Fatalf("%v: never: %s\n%s", p.look, what, p.describe())
		}
	}
}

// describe says what the tab shows, for a failure.
func (p *tab) describe() string {
	var where, focus, text string
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	if err := chromedp.Run(ctx,
		chromedp.Evaluate("location.href", &where),
		chromedp.Evaluate("document.activeElement?.outerHTML.slice(0, 200) ?? ''", &focus),
		chromedp.Evaluate("document.body?.innerText.replace(/\\n\\s*\\n/g, '\\n').slice(-1500) ?? ''", &text),
	); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("at %s\nfocus on %s\n%s\n%s", where, focus, text, strings.Join(p.heard.all(), "\n"))
}
