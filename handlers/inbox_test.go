package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

var inboxNumber = regexp.MustCompile(`table__number">#(\d+)<`)

// listed returns the numbers of the tickets that a page of the inbox lists, in its order.
func listed(page handlerstest.Page) []string {
	var numbers []string
	for _, found := range inboxNumber.FindAllStringSubmatch(page.Body, -1) {
		numbers = append(numbers, found[1])
	}
	return numbers
}

// The demo: 1 question of Ada (Tomás, help page), 2 bug of Max (Grace, high, import), 3 billing of Lin (Grace,
// waiting, needs info), 4 of Omar, 5 bug of Joan (Tomás, app and needs info; she has answered), 6.
func TestM2_EachFilterPicksItsTickets(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	for query, want := range map[string]string{
		"status=waiting":                        "3",
		"status=Waiting+on+reporter":            "3",
		"status=In+progress":                    "2",
		"status=all&type=bug":                   "2 5",
		"status=all&type=billing":               "3",
		"status=all&label=needs+info":           "3 5",
		"status=all&label=app":                  "5",
		"status=all&priority=high":              "2",
		"status=all&priority=high&type=billing": "",
		"status=open&label=needs+info&type=bug": "5",
		"status=all&project=internal":           "",
		"status=all&project=nonsense":           "",
		"status=all&label=nonsense":             "",
		"status=all&priority=nonsense":          "",
		"status=nonsense":                       "",
		"q=row":                                 "2",
		"q=invoice":                             "3",
		"q=is:open+label:app":                   "5",
		"q=from:lin":                            "3",
		"q=lin@example.org":                     "3",
		"q=from:nobody":                         "",
		`q=label:"needs+info"`:                  "3 5",
		"q=type:bug+priority:high":              "2",
		"q=zzzz":                                "",
	} {
		got := listed(agent.Get("/desk?" + query).Status(200))
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s lists %v, want %s", query, got, want)
		}
	}
	all := listed(agent.Get("/desk?status=all"))
	for query, sum := range map[string][]string{
		"assignee": {"assignee=none", "assignee=1", "assignee=2"}, "category": {"status=open", "status=waiting", "status=closed"},
	} {
		n := 0
		for _, part := range sum {
			if !strings.HasPrefix(part, "status") {
				part += "&status=all"
			}
			n += len(listed(agent.Get("/desk?" + part)))
		}
		if n != len(all) {
			t.Errorf("the lists by %s have %d tickets, all have %d", query, n, len(all))
		}
	}
	mine := listed(agent.Get("/desk?status=all&assignee=me"))
	if len(mine) == 0 || !slices.Equal(mine, listed(agent.Get("/desk?q=is:mine"))) || !slices.Equal(mine, listed(agent.Get("/desk?status=mine"))) {
		t.Errorf("three ways to what is mine list %v", mine)
	}
}

func TestM2_ASearchFindsTitlesTextsNotesAndNames(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "found@example.org", "The quixotic shelf")
	agent := s.Member("agent@example.com")
	answer(agent, 7, "message", "Our zephyr answer with <b>markup</b>")
	answer(agent, 7, "note", "An internal xylophone")
	ada := s.Visitor("")
	form := ada.Get(thread).Form(thread + "/reply")
	form.Set("message", "A vexillology reply, Café")
	ada.Post(thread+"/reply", form).Status(303)
	for word, hit := range map[string]string{
		"quixotic": "The quixotic shelf", "zephyr": "<mark>zephyr</mark> answer with &lt;b&gt;markup", "xylophone": "<mark>xylophone</mark>",
		"vexillology": "<mark>vexillology</mark>", "vexillo": "<mark>vexillology</mark>", "cafe": "A vexillology reply", "XYLOPHONE": "<mark>xylophone</mark>",
		`"internal+xylophone"`: "<mark>xylophone</mark>",
	} {
		if page := agent.Get("/desk?q=" + word).Status(200); !slices.Equal(listed(page), []string{"7"}) || !strings.Contains(page.Body, hit) {
			t.Errorf("%s finds %v, without %q", word, listed(page), hit)
		}
	}
	agent.Get("/desk?q=zephyr+quixotic").Has("Nothing fits")
	agent.Get("/desk?q=color:red").Has("color:", "is nothing to search by")
	for _, odd := range []string{"NEAR(", "workspace:w2", `%22`, "%00%ff", "*", "AND", "w1 OR", "-x", strings.Repeat("word+", 500)} {
		agent.Get("/desk?q=" + strings.ReplaceAll(odd, " ", "+")).Status(200)
	}
	other := s.Member("admin@globex.example")
	other.Get("/desk?q=zephyr").Has("Nothing fits")

	// What is erased is found no more, nor what goes with an unconfirmed ticket.
	erase(t, s, "found@example.org")
	agent.Get("/desk?q=vexillology").Has("Nothing fits")
	agent.Get("/desk?q=quixotic").Has("Nothing fits")
	if got := listed(agent.Get("/desk?q=zephyr")); !slices.Equal(got, []string{"7"}) {
		t.Errorf("what the team wrote is found in %v", got)
	}
}

func TestM2_AnUnfinishedWordStandsForSomeWordsAndSaysSo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "one@example.org", "The quokkas of Straße and Ärger")
	var words strings.Builder
	for i := range 45 {
		fmt.Fprintf(&words, "zebu%02d ", i)
	}
	agent := s.Member("agent@example.com")
	answer(agent, 7, "note", words.String())
	for word, found := range map[string]bool{"quokk": true, "quokkas": true, "okkas": false, "stra": true, "straß": true, "ärg": true, "arg": true, "zebu44": true} {
		page := agent.Get("/desk?q=" + url.QueryEscape(word)).Status(200)
		if got := slices.Equal(listed(page), []string{"7"}); got != found {
			t.Errorf("%s finds %v", word, listed(page))
		}
		if strings.Contains(page.Body, "Very much fits") {
			t.Errorf("%s says that there is more", word)
		}
	}
	page := agent.Get("/desk?q=zebu").Has("Very much fits", "Finish the last word")
	if !slices.Equal(listed(page), []string{"7"}) {
		t.Errorf("too many words find %v", listed(page))
	}
}

func TestM2_FilteredListsArePagedByCursor(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	past := make([]db.PastTicket, 65)
	for i := range past {
		past[i] = db.PastTicket{
			Intake:      model.Intake{Email: "many" + strconv.Itoa(i) + "@example.org", Title: "Paged ticket", Type: "question"},
			Description: model.RichText{Source: "x", HTML: "<p>x</p>"}, Category: model.Open, At: s.Clock.Now().Add(time.Duration(i/3) * time.Minute),
		}
	}
	if _, err := s.DB.AddHistory(t.Context(), ws, "support", past); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"status=all&project=support&type=question", "q=paged", "status=open&assignee=none&project=support"} {
		var seen []string
		next := "/desk?" + query
		for next != "" {
			page := agent.Get(next).Status(200)
			seen = append(seen, listed(page)...)
			next = ""
			if older := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(page.Body); older != nil {
				next = strings.ReplaceAll(older[1], "&amp;", "&")
			}
		}
		unique := slices.Compact(slices.Sorted(slices.Values(seen)))
		if len(unique) != len(seen) || len(seen) < 65 {
			t.Errorf("%s shows %d tickets, %d of them different", query, len(seen), len(unique))
		}
	}
}

func TestM2_NewTicketsAreAnnouncedWithoutMovingTheList(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	page := agent.Get("/desk?status=open&type=question").Status(200)
	poll := regexp.MustCompile(`hx-get="(/desk/news[^"]*)"`).FindStringSubmatch(page.Body)
	if poll == nil {
		t.Fatalf("the inbox does not ask for news in\n%s", page.Body)
	}
	news := strings.ReplaceAll(poll[1], "&amp;", "&")
	agent.Header.Set("HX-Request", "true")
	agent.Get(news).Status(204)
	s.Clock.Move(time.Minute)
	s.Ticket("", "support", "new@example.org", "Something new")
	agent.Get(news).Status(200).Has("1 new or changed ticket: show", "type=question").HasNot("Something new")
	agent.Header.Del("HX-Request")
	if to := agent.Get(news).Status(303).Location; !strings.HasPrefix(to, "/desk?") {
		t.Errorf("without a script the news lead to %s", to)
	}
}

func TestM3_PriorityAndLabelsAreSetAndTold(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.net", "To be sorted")
	agent := s.Member("agent@example.com")
	const ticket = "/desk/tickets/7"
	agent.Follow(agent.Post(ticket+"/priority", url.Values{"priority": {"urgent"}}).Status(303)).
		Has("The priority is set.", "changed the priority from Normal to Urgent")
	agent.Post(ticket+"/priority", url.Values{"priority": {"sky high"}}).Status(422).Has("Choose a priority")
	agent.Follow(agent.Post(ticket+"/labels", url.Values{"labels": {"1", "3"}}).Status(303)).Has("added the label app", "added the label import")
	agent.Follow(agent.Post(ticket+"/labels", url.Values{"labels": {"3", "4"}}).Status(303)).Has("removed the label app", "added the label needs info")
	if n := strings.Count(agent.Get(ticket).Body, "added the label import"); n != 1 {
		t.Errorf("a label that stays was added %d times", n)
	}
	agent.Post(ticket+"/labels", url.Values{"labels": {"999"}}).Status(422)
	agent.Post(ticket+"/labels", url.Values{"labels": {"x"}}).Status(422)
	agent.Get("/desk").Has("Urgent", "needs info")
	s.Visitor("").Get(thread).Status(200).HasNot("Urgent", "needs info", "urgent")

	// A label follows its ticket in the list when that moves.
	s.Clock.Move(time.Hour)
	answer(agent, 7, "message", "moved up")
	if got := listed(agent.Get("/desk?status=all&label=needs+info")); len(got) != 3 || got[0] != "7" {
		t.Errorf("the label's list is %v", got)
	}
}

func TestN_LabelsAreMadeRenamedAndDeleted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const labels = "/desk/settings/labels"
	admin.Post(labels, url.Values{"name": {""}, "color": {"green"}}).Status(422).Has("Enter a name.")
	admin.Post(labels, url.Values{"name": {"IMPORT"}, "color": {"green"}}).Status(422).Has("There is a label with this name", `value="IMPORT"`)
	admin.Post(labels, url.Values{"name": {strings.Repeat("x", 41)}, "color": {"green"}}).Status(422).Has("Shorten the name")
	admin.Post(labels, url.Values{"name": {"new"}, "color": {"pink"}}).Status(422).Has("Choose a colour")
	admin.Follow(admin.Post(labels, url.Values{"name": {"Très <b>neu</b>"}, "color": {"green"}}).Status(303)).Has("Très &lt;b&gt;neu&lt;/b&gt;", "tag--green")
	admin.Follow(admin.Post(labels+"/1", url.Values{"name": {"mobile app"}, "color": {"red"}}).Status(303)).Has("mobile app").HasNot(">app<")
	admin.Get("/desk?status=all&label=mobile+app").Has("#5<")
	admin.Get(labels + "/1/delete").Status(200).Has("One ticket loses it")
	admin.Follow(admin.Post(labels+"/1/delete", nil).Status(303)).Has("The label is deleted.").HasNot("mobile app")
	admin.Get("/desk/tickets/5").Status(200).Has("added the label app")
	admin.Get(labels + "/1").Status(404)
	admin.Get(labels + "/x").Status(404)
	s.Member("admin@globex.example").Get(labels + "/2").Status(404)
}

func TestM5_TheListIsExportedForASpreadsheet(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "formula@example.org", `=HYPERLINK("https://evil.example","x")`)
	agent := s.Member("agent@example.com")
	link := agent.Get("/desk?status=all").Links("/desk/export.csv", "")
	if len(link) != 1 {
		t.Fatalf("the inbox has %v", link)
	}
	page := agent.Get(link[0]).Status(200)
	if got := page.Header.Get("Content-Type") + page.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "text/csv") || !strings.Contains(got, `filename="tickets-2026-11-20.csv"`) {
		t.Errorf("it is sent as %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(page.Body)).ReadAll()
	if err != nil || len(rows) != 8 || rows[0][0] != "Number" {
		t.Fatalf("%d rows, %v\n%s", len(rows), err, page.Body)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet runs %q", cell)
			}
		}
	}
	if !strings.Contains(page.Body, "formula@example.org") || !strings.Contains(page.Body, "/desk/tickets/7") {
		t.Errorf("the new ticket is not whole in\n%s", page.Body)
	}
	few, err := csv.NewReader(strings.NewReader(agent.Get("/desk/export.csv?status=all&label=app").Status(200).Body)).ReadAll()
	if err != nil || len(few) != 2 || few[1][0] != "5" || few[1][7] != "app, needs info" {
		t.Errorf("filtered, it is %v, %v", few, err)
	}
	s.Visitor("").Get("/desk/export.csv").Status(303)
}
