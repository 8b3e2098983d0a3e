package jobs_test

import (
	"net/url"
	"testing"

	"deskbell/handlers/handlerstest"
)

// wants sets a member's mail switches by their form.
func wants(t *testing.T, member *handlerstest.Browser, change url.Values) {
	t.Helper()
	form := member.Get("/desk/account").Status(200).Form("/desk/account")
	for name, values := range change {
		form[name] = values
	}
	member.Post("/desk/account", form).Status(303)
}

func TestK1_EachMembersOwnSwitchesDecideWhatTheyHearOf(t *testing.T) {
	t.Parallel()
	s := start(t)
	const reporter = "new@example.org"
	visitor, admin, agent := s.Visitor(""), s.Member("admin@example.com"), s.Member("agent@example.com")
	thread := s.Ticket("", "support", reporter, "Who hears")
	ticket := ticketPath(t, agent, "Who hears")
	assign := func(by *handlerstest.Browser, to string) func() {
		return func() { by.Post(ticket+"/assignee", url.Values{"assignee": {to}}).Status(303) }
	}
	customer := func() { reply(visitor, thread, "Hello again.") }
	closed := func() { setStatus(t, admin, ticket, "Resolved"); s.Jobs.Step(t.Context()) }
	expect := func(what, want string, do func()) {
		t.Helper()
		if got := addresses(since(s, do)); got != want {
			t.Errorf("%s mailed %q, want %q", what, got, want)
		}
	}
	expect("a reply in nobody's ticket", "", customer)
	wants(t, admin, url.Values{"reply_mail": {"unassigned"}})
	expect("a reply in nobody's ticket", "admin@example.com", customer)
	expect("an assignment to the agent", "agent@example.com", assign(admin, "2"))
	expect("a reply in the agent's ticket", "agent@example.com", customer)
	wants(t, admin, url.Values{"reply_mail": {"any"}})
	expect("a reply in the agent's ticket", "admin@example.com agent@example.com", customer)
	wants(t, admin, url.Values{"projects": nil})
	expect("a reply in a project that the admin does not follow", "agent@example.com", customer)
	expect("an assignment to the admin", "admin@example.com", assign(agent, "1"))
	expect("a reply in the admin's own ticket there", "admin@example.com", customer)
	expect("a new ticket there", "second@example.org", func() { visitor.OpenTicket("support", "second@example.org", "Quiet") })
	wants(t, admin, url.Values{"reply_mail": {"none"}, "reopened_mail": nil, "assigned_mail": nil})
	expect("a reply", "", customer)
	closed()
	expect("a reply that reopens", "", customer)
	expect("an assignment away", "agent@example.com", assign(admin, "2"))
	expect("an assignment to the admin", "", assign(agent, "1"))
	wants(t, admin, url.Values{"reopened_mail": {"1"}})
	closed()
	expect("a reply that reopens", "admin@example.com", customer)
	expect("taking it", "", assign(agent, "2"))
}

func TestK1_AMemberHearsNothingOfWhatTheyWriteAsACustomer(t *testing.T) {
	t.Parallel()
	s := start(t)
	visitor, admin := s.Visitor(""), s.Member("admin@example.com")
	wants(t, admin, url.Values{"reply_mail": {"any"}})
	opened := since(s, func() { visitor.OpenTicket("support", "admin@example.com", "My own") })
	if got := addresses(opened); got != "admin@example.com" {
		t.Errorf("their own ticket mailed %q, want the first mail alone", got)
	}
	thread := opened[0].Link(t, "/ticket/thread/")
	if got := addresses(since(s, func() { reply(visitor, thread, "And more.") })); got != "" {
		t.Errorf("their own reply mailed %q", got)
	}
	wants(t, s.Member("agent@example.com"), url.Values{"reply_mail": {"any"}})
	agent := s.Member("agent@example.com")
	agent.Post(ticketPath(t, agent, "My own")+"/recipients", url.Values{"email": {"agent@example.com"}}).Status(303)
	s.Jobs.Step(t.Context())
	if got := addresses(since(s, func() { reply(visitor, thread, "Once is enough.") })); got != "agent@example.com" {
		t.Errorf("a recipient who is a member got %q, want one mail", got)
	}
}

func TestM1_SwitchesThatCannotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/account").Form("/desk/account")
	form.Set("reply_mail", "everything")
	form.Set("name", "Tom R.")
	form["projects"] = []string{"999"} // no project of theirs: it changes nothing
	agent.Post("/desk/account", form).Status(422).Has("Choose one from the list.", "Tom R.")
	form.Set("reply_mail", "mine")
	agent.Follow(agent.Post("/desk/account", form)).Has("Saved.", "Tom R.")
}
