package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"

	"deskbell/handlers/handlerstest"
)

const (
	bugTemplate = "/desk/settings/templates/2"
	rowKeys     = `[...document.querySelectorAll("tr[data-key]")].map((row) => row.dataset.key).join(" ")`
	asSeeded    = "version severity steps triage_queue service_tier"
)

// openEditor opens the template of bug reports as an admin does.
func openEditor(t *testing.T, s *handlerstest.Server, l look) *tab {
	t.Helper()
	p := open(t, s, "", l)
	signIn(p, "admin@example.com")
	p.visit(bugTemplate)
	p.is("%s === %q", rowKeys, asSeeded)
	return p
}

// A field is dragged by its handle to another place, by mouse and by finger.
func TestN_FieldsAreDraggedIntoOrder(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {phone: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			p := openEditor(t, handlerstest.Start(t), l)
			p.stays(func() {
				p.grab("version")
				p.dragOver("severity")
				p.dragOver("steps")
				p.is("document.querySelector('.table__row--dragged').dataset.key === 'version'")
				p.shot("dragged")
				p.let()
				p.until("document.getElementById('order-news').innerText === '“Version” is number 3 of 5 now.'")
			})
			p.is("%s === 'severity steps version triage_queue service_tier'", rowKeys)
			p.is("!document.querySelector('.table__row--dragged')")
			p.is("document.querySelector('.preview').innerHTML.indexOf('field_severity') < document.querySelector('.preview').innerHTML.indexOf('field_version')")
			p.stays(func() {
				p.grab("version") // the list that came back can be dragged as well
				p.dragOver("steps")
				p.let()
				p.until("document.getElementById('order-news').innerText === '“Version” is number 2 of 5 now.'")
			})
			p.reload()
			p.is("%s === 'severity version steps triage_queue service_tier'", rowKeys)
		})
	}
}

func TestN_ADragThatIsGivenUpSendsNothing(t *testing.T) {
	t.Parallel()
	p := openEditor(t, handlerstest.Start(t), look{})
	p.grab("version")
	p.dragOver("steps")
	p.is("%s !== %q", rowKeys, asSeeded)
	p.keys("\x1b")
	p.is("%s === %q", rowKeys, asSeeded)
	p.let()
	p.grab("version") // and back to where it was
	p.dragOver("severity")
	p.dragOver("severity")
	p.let()
	p.is("%s === %q", rowKeys, asSeeded)
	p.until("!document.querySelector('.htmx-request')")
	if n := p.heard.sent("POST", "/order"); n != 0 {
		t.Errorf("%d orders were sent", n)
	}
}

// What the server does not take is put back, and said.
func TestN_AnOrderOfOldFieldsIsPutBack(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := openEditor(t, s, look{})
	p.do(emulation.SetDeviceMetricsOverride(1280, 400, 1, false)) // the top of the page is far above the rows
	p.expect("status of 409", "Response Status Error Code 409")
	remove := bugTemplate + "/fields/steps/delete"
	other := s.Member("admin@example.com")
	other.Post(remove, other.Get(remove).Form(remove)).Status(303)
	p.stays(func() {
		p.grab("version")
		p.dragOver("severity")
		p.let()
		p.until("document.querySelector('#problem[role=alert]').innerText.includes('The fields have changed')")
	})
	p.until("%s === %q", rowKeys, asSeeded)
	p.is("scrollY > 0 && %s.top >= 0", rect("#problem .notice"))
	p.shot("conflict")
	p.loads(func() { p.press("Load the template again") })
	p.is("%s === 'version severity triage_queue service_tier'", rowKeys)
}

// The buttons do the same by keyboard, and without JavaScript, where no handle promises what it
// cannot do.
func TestN_FieldsAreMovedByTheirButtons(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {noScript: true}} {
		p := openEditor(t, handlerstest.Start(t), l)
		handles := `[...document.querySelectorAll(".table__handle")].filter((h) => h.getBoundingClientRect().width > 0).length`
		if l.noScript {
			p.is("%s === 0", handles)
		} else {
			p.is("%s === 5", handles)
		}
		p.eval(`document.querySelector("[data-key=severity] button[value=up]").focus()`)
		p.loads(func() { p.keys("\r") })
		p.shows("Saved.")
		p.is("%s === 'severity version steps triage_queue service_tier'", rowKeys)
	}
}

// grab takes the handle of a field's row.
func (p *tab) grab(key string) {
	p.t.Helper()
	x, y := p.placeOf(only("[data-key=" + key + "] .table__handle"))
	if p.look.phone {
		p.do(input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: x, Y: y}}))
		return
	}
	p.do(
		input.DispatchMouseEvent(input.MouseMoved, x, y),
		input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithClickCount(1),
	)
}

// dragOver moves what is held to the far edge of a field's row, which makes way for it.
func (p *tab) dragOver(key string) {
	p.t.Helper()
	before := p.text(rowKeys)
	x := p.number("%s.left + 30", rect("[data-key="+key+"]"))
	y := p.number(`((held, other) => held.top < other.top ? other.bottom - 4 : other.top + 4)(%s, %s)`,
		rect(".table__row--dragged"), rect("[data-key="+key+"]"))
	if p.look.phone {
		p.do(input.DispatchTouchEvent(input.TouchMove, []*input.TouchPoint{{X: x, Y: y}}))
	} else {
		p.do(input.DispatchMouseEvent(input.MouseMoved, x, y).WithButton(input.Left).WithButtons(1))
	}
	p.until("%s !== %q", rowKeys, before)
}

// let lets go of what is held, where it is.
func (p *tab) let() {
	p.t.Helper()
	if p.look.phone {
		p.do(input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}))
	} else {
		p.do(input.DispatchMouseEvent(input.MouseReleased, 0, 0).WithButton(input.Left).WithClickCount(1))
	}
}
