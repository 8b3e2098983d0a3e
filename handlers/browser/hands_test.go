package browser_test

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// named finds what people press by the words that stand on it.
func named(words string) string {
	return fmt.Sprintf("[...document.querySelectorAll('a, button, label')].find(e => e.innerText.trim() === %q && !e.ariaHidden)", words)
}

// only finds the first element of a selector.
func only(selector string) string { return fmt.Sprintf("document.querySelector(%q)", selector) }

// press clicks or touches what has these words on it.
func (p *tab) press(words string) { p.t.Helper(); p.pressOn(named(words)) }

// pressOn clicks or touches what an expression finds, once it is there, can be used and is covered
// by nothing. It presses again where that was somewhere else by the time of the press: the form moves when
// suggestions arrive (F1). Without scripts nothing moves.
func (p *tab) pressOn(find string) {
	p.t.Helper()
	if p.look.noScript {
		p.pressAt(p.placeOf(find))
		return
	}
	p.eventually("to hit: "+find, func(ctx context.Context) bool {
		x, y := p.placeOf(find)
		p.eval(`window.pressMissed = true; %s?.addEventListener("pointerdown", () => { window.pressMissed = false }, {once: true, capture: true})`, find)
		p.pressAt(x, y)
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		var missed bool
		err := chromedp.Run(ctx, chromedp.Evaluate("window.pressMissed === true", &missed))
		return err != nil || !missed // a page that has gone was hit
	})
}

func (p *tab) pressAt(x, y float64) {
	p.t.Helper()
	if p.look.phone {
		p.do(
			input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: x, Y: y}}),
			input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}),
		)
	} else {
		p.do(chromedp.MouseClickXY(x, y))
	}
}

// placeOf returns the middle of what an expression finds, in pixels of the window, once
// it can be pressed there.
func (p *tab) placeOf(find string) (x, y float64) {
	p.t.Helper()
	question := fmt.Sprintf(`(() => {
		const e = %s;
		if (!e || e.disabled) return [];
		e.scrollIntoView({block: "center", behavior: "instant"});
		const box = e.getClientRects()[0];
		if (!box) return [];
		const x = box.x + box.width / 2, y = box.y + box.height / 2;
		return e.contains(document.elementFromPoint(x, y)) ? [x, y] : [];
	})()`, find)
	p.eventually("to press: "+find, func(ctx context.Context) bool {
		var point []float64
		if err := chromedp.Run(ctx, chromedp.Evaluate(question, &point)); err != nil || len(point) != 2 {
			return false
		}
		x, y = point[0], point[1]
		return true
	})
	return x, y
}

// fill replaces what stands in the control of this name. It is pressed until it has the focus: the
// form moves when suggestions arrive (F1), which can be between a look and the press.
func (p *tab) fill(name, text string) {
	p.t.Helper()
	p.eventually("focus on "+name, func(ctx context.Context) bool {
		p.pressOn(only("[name=" + name + "]"))
		var focused bool
		err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf("document.activeElement?.name === %q", name), &focused))
		return err == nil && focused
	})
	p.eval("document.activeElement.select()")
	if text == "" {
		p.do(chromedp.KeyEvent("\b"))
		return
	}
	p.do(input.InsertText(text))
}

// choose picks an option of a select by its label.
func (p *tab) choose(selector, label string) {
	p.t.Helper()
	p.is("[...%s.options].some(o => o.label === %q)", only(selector), label)
	p.eval("(s => { s.value = [...s.options].find(o => o.label === %q).value; s.dispatchEvent(new Event('change', {bubbles: true})) })(%s)",
		label, only(selector))
}

// keys types on the keyboard, wherever the focus is: "\t" is Tab, "\r" Enter.
func (p *tab) keys(text string) { p.t.Helper(); p.do(chromedp.KeyEvent(text)) }

// focused checks which element has the focus.
func (p *tab) focused(selector string) {
	p.t.Helper()
	p.until("document.activeElement?.matches(%q)", selector)
}

// shows waits until a text stands in the page where people can read it.
func (p *tab) shows(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.until("document.body.innerText.includes(%q)", text)
	}
}

// hides checks that a text stands nowhere in the page, not in its markup either.
func (p *tab) hides(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.is("!document.documentElement.outerHTML.includes(%q)", text)
	}
}
