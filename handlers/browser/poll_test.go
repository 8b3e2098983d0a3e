package browser_test

import (
	"context"
	"testing"

	"deskbell/handlers/handlerstest"
)

// step runs the jobs that wait: mail goes out.
func step(s *handlerstest.Server) { s.Jobs.Step(context.Background()) }

// pollHooks take the clock out of a page: its intervals run when the test says so. They also keep
// the polls' answers, and can hide the page.
const pollHooks = `
	window.intervals = [];
	window.setInterval = (run, every) => intervals.push({run, every});
	window.answers = [];
	window.asked = 0;
	let visible = true;
	Object.defineProperty(document, "visibilityState", {get: () => visible ? "visible" : "hidden"});
	window.setVisible = (now) => { visible = now; document.dispatchEvent(new Event("visibilitychange")) };
	document.addEventListener("htmx:beforeRequest", () => asked++);
	document.addEventListener("htmx:afterRequest", (e) => answers.push(e.detail.xhr.status));
`

// openThread opens a ticket and its thread page, with the hooks above.
func openThread(t *testing.T, s *handlerstest.Server) *tab {
	t.Helper()
	thread := s.Ticket("", "support", "ada@new.example", "The shelf is empty")
	p := open(t, s, "", look{})
	p.atStart(pollHooks)
	p.visit(thread)
	p.until("window.htmx")
	return p
}

func TestI4_PollsEveryMinuteAndOnlyWhileSeen(t *testing.T) {
	t.Parallel()
	p := openThread(t, handlerstest.Start(t))
	p.is("document.querySelector('#poll').dataset.every === '60'")
	p.is("intervals.length === 1 && intervals[0].every === 60000")

	p.eval("intervals[0].run()")
	p.until("answers.length === 1")
	p.eval("setVisible(false); intervals[0].run(); intervals[0].run()")
	p.is("asked === 1")
	p.eval("setVisible(true)")
	p.is("asked === 2")
	p.until("answers.length === 2")
}

func TestI4_NothingNewChangesNothing(t *testing.T) {
	t.Parallel()
	p := openThread(t, handlerstest.Start(t))
	p.fill("message", "Half a sen")
	p.eval(`window.changes = 0; new MutationObserver((list) => changes += list.length)
		.observe(document, {subtree: true, childList: true, characterData: true})`)
	before := p.text("document.querySelector('main').outerHTML")
	p.wake()
	p.until("answers.length === 1")
	p.is("answers[0] === 204 && changes === 0")
	p.until("document.querySelector('main').outerHTML === %q", before)
	p.is("document.querySelector('#message').value === 'Half a sen'")
}

func TestI8_ALinkThatEndsWhileReadingSaysSo(t *testing.T) {
	t.Parallel()
	p := openThread(t, handlerstest.Start(t))
	p.expect("status of 404", "Response Status Error Code 404")
	p.fill("message", "Half a sen")
	p.eval(`(poll => {
		const ended = poll.cloneNode(true);
		ended.setAttribute("hx-get", "/ticket/thread/ended/messages");
		poll.replaceWith(ended);
		htmx.process(ended);
	})(document.querySelector("#poll"))`)
	p.stays(func() {
		p.wake()
		p.until("document.querySelector('#problem[role=alert]').innerText.includes('This link does not open a ticket')")
	})
	p.until("document.querySelector('#problem a[href=\"/tickets/login\"]')")
	p.is("document.querySelector('#message').value === 'Half a sen'")
	p.focused("#message")
	p.shot("ended")
}

func TestI4_AServerThatIsDownLosesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := openThread(t, s)
	p.expect("ERR_CONNECTION_REFUSED", "console error")
	p.fill("message", "Half a sen")
	s.Stop()
	p.stays(func() {
		p.wake()
		p.until("document.querySelector('#problem').innerText.includes('We could not be reached')")
		p.press("Send reply")
		p.until("answers.length === 2 || asked === 2 && !document.querySelector('.htmx-request')")
	})
	p.is("document.querySelector('#message').value === 'Half a sen'")
	p.is("document.querySelector('#problem').innerText.includes('What you typed is still here')")
	p.shot("down")
}

func TestB9_APollAndAReplyTogetherShowItOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := openThread(t, s)
	p.expect("htmx:sendAbort", "htmx:afterRequest") // the poll that the reply overtakes
	agent := s.Member("agent@example.com")
	for i, both := range []string{
		"document.dispatchEvent(new Event('visibilitychange')); document.querySelector('#reply button').click()",
		"document.querySelector('#reply button').click(); document.dispatchEvent(new Event('visibilitychange'))",
	} {
		answer := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
		answer.Set("message", []string{"First answer", "Second answer"}[i])
		agent.Post("/desk/tickets/7/messages", answer).Status(303)
		mine := []string{"First reply", "Second reply"}[i]
		p.fill("message", mine)
		p.eval("%s", both)
		p.until("document.querySelector('#message').value === ''")
		p.wake()
		p.until("!document.querySelector('.htmx-request')")
		p.once(mine)
		p.once(answer.Get("message"))
	}
	p.is("document.querySelectorAll('#conversation > .message').length === 5")
}
