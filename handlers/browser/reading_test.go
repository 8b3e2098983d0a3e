package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"deskbell/handlers/handlerstest"
)

// Times are those of the reader, and so are the lines between days (I1).
func TestI1_TimesAreInTheReadersZone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@new.example", "Since when?") // at nine in the morning, UTC
	p := open(t, s, "", look{})
	p.do(emulation.SetTimezoneOverride("Pacific/Kiritimati")) // fourteen hours ahead
	p.visit(thread)
	p.until(`document.querySelector("#m0 time").innerText === "20 Nov 2026, 23:00 GMT+14"`)
	p.is(`document.querySelector("#m0 time").title === "20 Nov 2026, 09:00 UTC"`)
	p.is(`document.querySelector("#m0 time").dateTime === "2026-11-20T09:00:00Z"`)

	s.Clock.Move(2 * 3600e9) // eleven in the morning, and another day for the reader
	agentWrites(s, "/desk/tickets/7", "Since tomorrow.")
	p.wake()
	p.once("Since tomorrow.")
	p.until(`[...document.querySelectorAll(".conversation__day")].map(d => d.innerText).join() === "20 November 2026,21 November 2026"`)
	p.until(`document.querySelector("#m2 time").innerText.startsWith("21 Nov 2026, 01:00")`)
}

// What arrives below the window moves nothing: a link says so, leads there, and goes once it is read (I4).
func TestI4_WhatArrivesBelowTheWindowIsAnnounced(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		if l.noScript {
			t.Skip("nothing arrives by itself without scripts")
		}
		thread := s.Ticket("", "support", "ada@new.example", "A long story")
		for range 6 {
			agentWrites(s, "/desk/tickets/7", "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix.\n\nSeven.")
		}
		p := open(t, s, "", l)
		p.visit(thread)
		p.until(`!document.querySelector("#below a")`) // the first new one is on the screen
		p.visit("/ticket/support")
		agentWrites(s, "/desk/tickets/7", "What came meanwhile.")
		p.visit(thread)
		p.until(`document.querySelector("#below a")`)
		p.shot("new below")
		p.pressOn(only("#below a"))
		p.until(`!document.querySelector("#below a")`)
		p.reload()
		p.is(`!document.querySelector("#below a") && !document.querySelector(".conversation__new")`)

		p.eval("scrollTo(0, 0)")
		before := p.number("scrollY")
		agentWrites(s, "/desk/tickets/7", "The newest.")
		p.wake()
		p.once("The newest.")
		p.until(`document.querySelector("#below a")?.hash === "#m9"`)
		agentWrites(s, "/desk/tickets/7", "Newer still.")
		p.wake()
		p.once("Newer still.")
		p.until(`document.querySelector("#below a")?.hash === "#m9"`) // still the first that nobody has read
		if after := p.number("scrollY"); after != before {
			t.Errorf("the page moved from %v to %v", before, after)
		}
		p.shutsNobodyOut("new below")
		p.pressOn(only("#below a"))
		p.until(`!document.querySelector("#below a")`)
		p.is(`document.querySelector("#m9").getBoundingClientRect().top < innerHeight`)
	})
}

// agentWrites answers a ticket from the desk.
func agentWrites(s *handlerstest.Server, ticket, text string) {
	agent := s.Member("agent@example.com")
	form := agent.Get(ticket).Status(200).Form(ticket + "/messages")
	form.Set("message", text)
	agent.Post(ticket+"/messages", form).Status(303)
}
