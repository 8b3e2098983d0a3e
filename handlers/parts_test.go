package handlers_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const project1 = "/desk/settings/projects/1"

func TestN_AProjectIsAddedAndTakesTickets(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	add := func(name, id string) handlerstest.Page {
		form := admin.Get("/desk/settings/projects/new").Status(200).Form("/desk/settings/projects/new")
		form.Set("name", name)
		form.Set("public_id", id)
		return admin.Post("/desk/settings/projects/new", form)
	}
	add("Sales", "Sales team").Status(422).Has("Use small letters, digits and single dashes", `value="Sales team"`)
	add("Sales", "unsubscribe").Status(422).Has("This word is taken by other pages.")
	add("Sales", "support").Status(422).Has("Another project has this address.")
	add("", "sales").Status(422).Has("Enter a name for the project.")
	page := add("Sales", "sales").Status(303)
	path := page.Header.Get("Location")
	s.Visitor("").Get("/ticket/sales").Status(404) // hidden, until somebody has looked at it
	form := admin.Get(path).Status(200).Form(path)
	form.Set("intake", "open")
	admin.Post(path, form).Status(303)
	s.Ticket("", "sales", "grace@new.example", "A price, please")
	s.Member("agent@example.com").Get("/desk").Has("A price, please", "Sales")
	s.Visitor("globex.localhost").Get("/ticket/sales").Status(404)
	s.Member("admin@globex.example").Get(path).Status(404)
}

func TestN_TypesAreAddedRenamedMovedAndDeletedWithTheirTickets(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, visitor := s.Member("admin@example.com"), s.Visitor("")
	types := project1 + "/types"
	admin.Post(types, url.Values{"name": {"Lost parcel"}}).Status(303)
	admin.Post(types, url.Values{"name": {"lost PARCEL"}}).Status(422).Has("There is one of this name already.", `value="lost PARCEL"`)
	admin.Post(types, url.Values{"name": {strings.Repeat("x", 81)}}).Status(422).Has("at most 80 characters")
	form := visitor.Get("/ticket/support").Status(200).Has("Lost parcel").Form("/ticket/support")
	for name, value := range map[string]string{"title": "Where is it?", "type": "lost_parcel", "email": "grace@new.example", "description": "Gone."} {
		form.Set(name, value)
	}
	visitor.Post("/ticket/support", form).Status(303)

	part := types + "/lost_parcel"
	admin.Post(part, url.Values{"name": {"Missing parcel"}}).Status(303)
	visitor.Get("/ticket/support").Has("Missing parcel").HasNot("Lost parcel")
	order := visitor.Get("/ticket/support").Body
	admin.Post(part+"/move", url.Values{"to": {"up"}}).Status(303)
	if now := visitor.Get("/ticket/support").Body; strings.Index(now, "Missing parcel") > strings.Index(now, ">Billing") || strings.Index(order, "Missing parcel") < strings.Index(order, ">Billing") {
		t.Error("the type did not move up")
	}
	admin.Post(part+"/move", url.Values{"to": {"down"}}).Status(303)
	admin.Post(part+"/move", url.Values{"to": {"down"}}).Status(303) // it is the last one already

	admin.Get(part+"/delete").Status(200).Has("Tickets of", "They get")
	admin.Post(part+"/delete", url.Values{}).Status(422).Has("Choose what its tickets get instead.")
	admin.Post(part+"/delete", url.Values{"replacement": {"nonsense"}}).Status(422)
	admin.Get(types + "/question/delete").Status(200).Has("This is the project’s default type.").HasNot("<form class=\"form card\"")
	admin.Post(types+"/question/delete", url.Values{"replacement": {"bug"}}).Status(422).Has("This is the project’s default type.")
	s.Jobs.Step(t.Context())
	sent := len(s.Mailbox.Mails(""))
	admin.Post(part+"/delete", url.Values{"replacement": {"billing"}}).Status(303)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("")) - sent; n != 0 || sent == 0 {
		t.Errorf("%d mails went out, after %d", n, sent)
	}
	admin.Get("/desk/tickets/7").Has("changed the type from Missing parcel to Billing")
	visitor.Get("/ticket/support").HasNot("Missing parcel")
	admin.Get(part).Status(404)
}

func TestN_StatusesAreChangedAndEachMeaningKeepsOne(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	statuses := project1 + "/statuses"
	admin.Post(statuses, url.Values{"name": {"With the lab"}}).Status(422).Has("Choose what it means from the list.")
	admin.Post(statuses, url.Values{"name": {"With the lab"}, "category": {"open"}}).Status(303)
	page := admin.Get("/desk/tickets/1").Status(200)
	thread := s.Ticket("", "support", "grace@new.example", "To the lab")
	form := admin.Get("/desk/tickets/7").Form("/desk/tickets/7/status")
	form.Set("status", optionOf(t, page.Body, "With the lab"))
	admin.Post("/desk/tickets/7/status", form).Status(303)
	admin.Post("/desk/views?status=With+the+lab", url.Values{"view_name": {"Lab"}}).Status(303)
	part := statuses + "/" + optionOf(t, page.Body, "With the lab")
	admin.Post(part, url.Values{"name": {"In the lab"}}).Status(303)
	view := html.UnescapeString(admin.Get("/desk").Links("/desk?status=In", "")[0])
	admin.Get(view).Has("To the lab", `aria-current="page"><bdi>Lab</bdi>`).HasNot("How do I move")
	admin.Get("/desk/tickets/7").Has("In the lab")
	s.Visitor("").Get(thread).Status(200).HasNot("In the lab").Has("Waiting for us")

	list := admin.Get(statuses).Body
	if strings.Index(list, ">Rejected<") > strings.Index(list, "In the lab") {
		t.Error("the new status is not the last one")
	}
	admin.Post(part+"/move", url.Values{"to": {"up"}}).Status(303)
	if list = admin.Get(statuses).Body; strings.Index(list, ">Rejected<") < strings.Index(list, "In the lab") {
		t.Error("the status did not move up")
	}

	waiting := statuses + "/" + optionOf(t, page.Body, "Waiting on reporter")
	admin.Post(waiting+"/delete", url.Values{}).Status(422).Has("it is the last one of what it means")
	admin.Post(part+"/delete", url.Values{"replacement": {optionOf(t, page.Body, "Resolved")}}).Status(422).Has("Choose what its tickets get instead.") // that one means something else
	admin.Post(part+"/delete", url.Values{"replacement": {optionOf(t, page.Body, "In progress")}}).Status(303)
	admin.Get("/desk/tickets/7").Has("changed the status from In the lab to In progress")
	s.Visitor("").Get(thread).Status(200).Has("Waiting for us")

	agent, other := s.Member("agent@example.com"), s.Member("admin@globex.example")
	agent.Post(statuses, url.Values{"name": {"Mine"}, "category": {"open"}}).Status(403)
	other.Post(statuses, url.Values{"name": {"Mine"}, "category": {"open"}}).Status(404)
	other.Post(waiting+"/delete", url.Values{}).Status(404)
}
