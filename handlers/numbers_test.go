package handlers_test

import (
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// counted returns the values of the numbers that a member downloads, by figure, or by figure and whom it is of;
// those of several days are added up.
func counted(t *testing.T, member *handlerstest.Browser, query string) map[string]int {
	t.Helper()
	page := member.Get("/desk/numbers.csv?" + query).Status(200)
	lines, err := csv.NewReader(strings.NewReader(page.Body)).ReadAll()
	if err != nil || strings.Join(lines[0], " ") != "Figure From To Of Value Unit" {
		t.Fatalf("%v, %v", lines, err)
	}
	values := map[string]int{}
	for _, line := range lines[1:] {
		key := line[0]
		if line[3] != "" {
			key += " " + line[3]
		}
		n, err := strconv.Atoi(line[4])
		if err != nil {
			t.Fatal(err)
		}
		values[key] += n
	}
	return values
}

func TestM2_TheNumbersFollowATicketsLife(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	before := counted(t, admin, "days=30")
	s.Ticket("", "support", "new@example.org", "How long does it take?")
	s.Clock.Move(90 * time.Minute)
	agent := s.Member("agent@example.com")
	answer(agent, 7, "message", "Not long")
	answer(agent, 7, "note", "Nobody counts this")
	s.Clock.Move(24 * time.Hour)
	agent.Post("/desk/tickets/7/status", url.Values{"status": {optionOf(t, agent.Get("/desk/tickets/7").Body, "Resolved")}}).Status(303)
	after := counted(t, agent, "days=30")
	name := agent.Get("/desk/account").Form("/desk/account").Get("name")
	for figure, more := range map[string]int{
		"Opened": 1, "Closed": 1, "Opened by type Question": 1, "Closed by type Question": 1,
		"Answers by member " + name: 1, "Closed by member " + name: 1,
	} {
		if got := after[figure] - before[figure]; got != more {
			t.Errorf("%s grew by %d, want %d: %v", figure, got, more, after)
		}
	}
	agent.Get("/desk/numbers?days=7").Status(200).Has("Opened and closed", "<bdi>"+name+"</bdi>")
	if other := counted(t, agent, "days=30&project=internal"); other["Opened"] != 0 || other["Answers by member "+name] != 0 {
		t.Errorf("of another project: %v", other)
	}
	s.Clock.Move(8 * 24 * time.Hour)
	late := s.Member("agent@example.com")
	late.Get("/desk/numbers?days=7").Status(200).Has("Nothing to count", "What attachments take now").HasNot("By member", "By ticket type")
	if old := counted(t, late, "days=30"); old["Opened"] != after["Opened"] {
		t.Errorf("after a week 30 days have %d tickets, and had %d", old["Opened"], after["Opened"])
	}
}

func TestM2_AMedianIsWhatHalfOfTheTicketsTook(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Clock.Move(40 * 24 * time.Hour) // past what the demo has
	for range 3 {
		s.Visitor("").OpenTicket("support", "new@example.org", "A question")
	}
	agent := s.Member("agent@example.com")
	for i, wait := range []time.Duration{10 * time.Minute, 50 * time.Minute, 9 * time.Hour} {
		s.Clock.Move(wait)
		answer(agent, 7+i, "message", "An answer")
	}
	values := counted(t, agent, "days=7")
	for figure, want := range map[string]int{"First answer, median": 60, "First answer, ninetieth percentile": 600} {
		if got := values[figure]; got < want*95/100 || got > want*105/100 {
			t.Errorf("%s is %d minutes, want about %d", figure, got, want)
		}
	}
	agent.Get("/desk/numbers?days=7").Has("3 tickets; the figures are within 5 %.", "Nine of ten took at most")
}

// Somebody reads a suggestion and leaves: a ticket was spared. Whoever opens one anyway spared none.
func TestF1_SpareTicketsAreCountedWithoutAPerson(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	type person struct {
		*handlerstest.Browser
		form url.Values
	}
	visit := func() person {
		b := s.Visitor("")
		form := b.Get("/ticket/support").Form("/ticket/support")
		b.Get(suggestions + "?" + url.Values{"title": {"scanner"}, "visit": form["visit"]}.Encode()).Status(200).Has("suggestions__link")
		b.Get(suggestions + "?" + url.Values{"title": {"scanner camera"}, "visit": form["visit"]}.Encode()).Status(200)
		return person{b, form}
	}
	before := counted(t, s.Member("agent@example.com"), "days=30")
	leaves, asks, looks := visit(), visit(), visit()
	for _, p := range []person{leaves, leaves, asks} {
		p.Post(suggestions+"/opened", url.Values{"visit": p.form["visit"]}).Status(204)
	}
	for name, value := range map[string]string{"email": "new@example.org", "title": "Still", "description": "It breaks"} {
		asks.form.Set(name, value)
	}
	asks.Post("/ticket/support", asks.form).Status(303)
	looks.Post(suggestions+"/opened", url.Values{"visit": {"made up"}}).Status(204)
	looks.Get(suggestions + "?title=scanner&visit=made+up").Status(200).Has("suggestions__link")

	expect := func(shown, opened, spared int) {
		t.Helper()
		values := counted(t, s.Member("agent@example.com"), "days=30")
		for figure, want := range map[string]int{"Suggestions shown": shown, "Suggestions opened": opened, "Tickets spared": spared} {
			if got := values[figure] - before[figure]; got != want {
				t.Errorf("%s: %d, want %d", figure, got, want)
			}
		}
	}
	expect(3, 2, 0)
	s.Clock.Move(23 * time.Hour)
	s.Jobs.Sweep(t.Context())
	expect(3, 2, 0)
	s.Clock.Move(2 * time.Hour)
	s.Jobs.Sweep(t.Context())
	expect(3, 2, 1)
	leaves.Post(suggestions+"/opened", url.Values{"visit": leaves.form["visit"]}).Status(204)
	expect(3, 2, 1)
}

// A form that comes back is the same form.
func TestF1_AFormThatComesBackKeepsItsVisit(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	form := visitor.Get("/ticket/support").Form("/ticket/support")
	again := visitor.Post("/ticket/support", form).Status(422).Form("/ticket/support")
	if first := form.Get("visit"); first == "" || again.Get("visit") != first {
		t.Errorf("the visit was %q and is %q", first, again.Get("visit"))
	}
	form.Set("visit", "made up")
	if got := visitor.Post("/ticket/support", form).Status(422).Form("/ticket/support").Get("visit"); got == "made up" {
		t.Error("a form takes a word that is none of ours")
	}
}

func TestM2_NumbersAreOfOneWorkspaceAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	globex := s.Member("admin@globex.example")
	before := counted(t, globex, "days=365")
	s.Ticket("", "support", "new@example.org", "Not theirs")
	answer(s.Member("agent@example.com"), 7, "message", "Nor this")
	after := counted(t, globex, "days=365")
	for figure := range after {
		if after[figure] != before[figure] {
			t.Errorf("%s was %d and is %d", figure, before[figure], after[figure])
		}
	}
	globex.Get("/desk/numbers?project=support").Status(404)
	globex.Get("/desk/numbers.csv?project=support").Status(404)
	globex.Get("/desk/numbers").Status(200).HasNot("Acme", "Grace", "Billing")
}

// Whatever stands in the URL, there is a page.
func TestM2_AnUnknownPeriodIsTheUsualOne(t *testing.T) {
	t.Parallel()
	agent := handlerstest.Start(t).Member("agent@example.com")
	for _, days := range []string{"", "0", "-7", "1000000000000000000000", "a'b"} {
		agent.Get("/desk/numbers?days=" + url.QueryEscape(days)).Status(200).Has(`aria-current="page">Last 30 days`)
	}
	for _, days := range []string{"7", "30", "90", "365"} {
		page := agent.Get("/desk/numbers?days=" + days + "&project=support").Status(200)
		checkPage(t, page)
		page.Has(`aria-current="page">Last `+days+" days", "/desk/numbers.csv?days="+days+"&amp;project=support")
	}
}
