package browser_test

import (
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const secretNote = "Between us: they never look behind it."

// The main job: a visitor opens a ticket, the team answers, both go on, and each sees the other's
// words without doing anything for it.
func TestRoundTrip(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		visitor := open(t, s, "", l)
		sendWithMistakes(visitor)
		sendRight(visitor)
		step(s)
		thread := s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/")
		replies := visitor.hold("*/reply")
		visitor.visit(thread)
		visitor.shows("The shelf is empty", "Waiting for us", "ada@new.example")

		agent := open(t, s, "", look{})
		signIn(agent, "agent@example.com")
		agent.loads(func() { agent.press("The shelf is empty") })
		agentWritesNote(agent)
		answerWhileTyping(visitor, agent)
		visitor.hides(secretNote)
		visitor.shot("answered")

		replyOnce(visitor, replies)
		agent.reload()
		agent.once("There it was!")

		closeAndReopen(visitor, agent)
		visitor.hides(secretNote)
	})
}

// sendWithMistakes sends a form that cannot be taken, and looks at how it comes back (B3).
func sendWithMistakes(p *tab) {
	p.t.Helper()
	p.expect("status of 422")
	p.visit("/ticket/support")
	p.fill("email", "ada@")
	p.fill("name", "Ada")
	p.fill("message", "Thank you!")
	p.choose("#type", "Billing")
	p.loads(func() { p.press("Send ticket") })
	p.focused("#error-summary")
	p.shot("mistakes")
	for field, message := range map[string]string{
		"email": "Enter an email address like", "title": "Enter a title", "description": "Describe what you need",
	} {
		p.is("document.getElementById(%q).getAttribute('aria-invalid') === 'true'", field)
		p.is("document.getElementById(%q).innerText.includes(%q)", field+"-error", message)
		p.pressOn(only(`#error-summary a[href="#` + field + `"]`))
		p.focused("#" + field)
	}
	for name, typed := range map[string]string{"email": "ada@", "name": "Ada", "message": "Thank you!", "type": "billing"} {
		p.is("document.querySelector('[name=%s]').value === %q", name, typed)
	}
	p.press("Back to form")
	p.until("location.hash === '#form'")
	p.keys("\t")
	p.focused("#email")
}

func sendRight(p *tab) {
	p.t.Helper()
	p.fill("email", "ada@new.example")
	p.fill("title", "The shelf is empty")
	p.fill("description", strings.Repeat("It was full yesterday, and nobody has been here.\n\n", 30))
	p.loads(func() { p.press("Send ticket") })
	p.shows("Thank you, your ticket is here", "ada@new.example", "What happens next")
	p.hides("/ticket/thread/")
	p.shot("sent")
}

func signIn(p *tab, email string) {
	p.t.Helper()
	p.visit("/desk/login")
	p.fill("email", email)
	p.fill("password", "deskbell-demo")
	p.loads(func() { p.press("Sign in") })
	p.shows("Inbox")
}

func agentWritesNote(p *tab) {
	p.t.Helper()
	p.press("Internal note")
	p.fill("message", secretNote)
	p.loads(func() { p.press("Send") })
	p.is("document.querySelector('.message--note').innerText.includes(%q)", secretNote)
}

func agentAnswers(p *tab, text string) {
	p.t.Helper()
	p.press("Public reply")
	p.fill("message", text)
	p.loads(func() { p.press("Send") })
	p.shows(text)
}

// answerWhileTyping lets an answer arrive while the visitor types, and later while they read (I4).
func answerWhileTyping(visitor, agent *tab) {
	visitor.t.Helper()
	if visitor.look.noScript {
		agentAnswers(agent, "Please look behind it.")
		agentAnswers(agent, "Or below it.")
		visitor.reload()
		visitor.shows("Please look behind it.", "Or below it.")
		return
	}
	visitor.fill("message", "I was just about to")
	visitor.keys("\b\b")
	top := visitor.number("document.activeElement.getBoundingClientRect().top")
	agentAnswers(agent, "Please look behind it.")
	visitor.stays(func() { visitor.wake(); visitor.shows("Please look behind it.") })
	visitor.focused("#message")
	visitor.is("document.activeElement.value === 'I was just about ' && document.activeElement.selectionStart === 17")
	visitor.is("Math.abs(document.activeElement.getBoundingClientRect().top - %f) < 2", top)
	visitor.is("document.querySelector('#news[role=status]').textContent === 'A new message from Tomás Reyes.'")

	visitor.eval("window.scrollTo({top: 120, behavior: 'instant'})")
	agentAnswers(agent, "Or below it.")
	visitor.stays(func() { visitor.wake(); visitor.shows("Or below it.") })
	visitor.is("window.scrollY === 120")
	visitor.focused("#message")
}

// replyOnce sends a reply impatiently, with a second click while the answer to the first is on its
// way: it arrives once (B9).
func replyOnce(p *tab, answers *held) {
	p.t.Helper()
	sent := func() {
		x, y := p.placeOf(named("Send reply"))
		p.pressAt(x, y)
		answers.wait(1)
		p.pressAt(x, y)
		if p.look.noScript {
			answers.wait(2)
		}
		answers.release()
	}
	p.fill("message", "There it was!")
	if p.look.noScript {
		p.loads(sent)
	} else {
		p.stays(func() { sent(); p.until("document.querySelector('#message').value === ''") })
		p.is("document.querySelector('#news').textContent === 'Your reply was sent.'")
		p.focused("#message")
		if n := p.heard.sent("POST", "/reply"); n != 1 {
			p.t.Errorf("%v: the reply was sent %d times", p.look, n)
		}
	}
	p.once("There it was!")
	p.is("document.querySelector('#message').value === ''")
}

// closeAndReopen has the agent resolve the ticket, and the visitor reopen it by a reply (I7).
func closeAndReopen(visitor, agent *tab) {
	visitor.t.Helper()
	agent.choose("#status-now", "Resolved")
	agent.loads(func() { agent.press("Set status") })
	agent.shows("The status is set.")
	visitor.refresh()
	visitor.until("document.querySelector('#state').innerText === 'Done'")
	visitor.shot("done")
	visitor.fill("message", "It is empty again.")
	if visitor.look.noScript {
		visitor.loads(func() { visitor.press("Send reply") })
	} else {
		visitor.stays(func() { visitor.press("Send reply"); visitor.shows("It is empty again.") })
	}
	visitor.until("document.querySelector('#state').innerText === 'Waiting for us'")
	agent.reload()
	agent.shows("reopened it by a reply: Resolved to Open")
}

// wake is what happens when somebody comes back to the tab.
func (p *tab) wake() { p.t.Helper(); p.eval("document.dispatchEvent(new Event('visibilitychange'))") }

// refresh shows what is new: by coming back to the tab, or by loading it again without scripts.
func (p *tab) refresh() {
	p.t.Helper()
	if p.look.noScript {
		p.reload()
	} else {
		p.wake()
	}
}

// once checks that a message stands in the conversation, one time.
func (p *tab) once(text string) {
	p.t.Helper()
	p.until("[...document.querySelectorAll('.message .prose')].filter(e => e.innerText.includes(%q)).length === 1", text)
}
