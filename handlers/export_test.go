package handlers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

func TestM5_TheListIsExportedForPrograms(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	type line struct {
		Number int64
		Labels []string
		Link   string
	}
	read := func(query string) []line {
		t.Helper()
		var list []line
		page := agent.Get("/desk/export.json" + query).Status(200)
		if err := json.Unmarshal([]byte(page.Body), &list); err != nil {
			t.Fatalf("%v in %s", err, page.Body)
		}
		return list
	}
	if list := read("?status=all"); len(list) != 6 {
		t.Errorf("all tickets are %d", len(list))
	}
	if list := read("?status=all&label=app"); len(list) != 1 || list[0].Number != 5 || strings.Join(list[0].Labels, " ") != "app needs info" ||
		!strings.HasSuffix(list[0].Link, "/desk/tickets/5") {
		t.Errorf("filtered, it is %v", list)
	}
	if list := read("?q=zzzz"); list == nil || len(list) != 0 {
		t.Errorf("nothing found is %v", list)
	}
}

func TestM5_AnAdminTakesTheWholeWorkspaceAlong(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	past := make([]db.PastTicket, 45)
	for i := range past {
		past[i] = db.PastTicket{
			Intake:      model.Intake{Email: "many@example.net", Title: "Another one", Type: "question"},
			Description: model.RichText{Source: "x", HTML: "<p>x</p>"}, Category: model.Open, At: s.Clock.Now(),
		}
	}
	if _, err := s.DB.AddHistory(t.Context(), ws, "support", past); err != nil {
		t.Fatal(err)
	}
	admin := s.Member("admin@example.com")
	admin.Get("/desk/settings/export").Status(200).Has("Download everything")
	page := admin.Post("/desk/settings/export", nil).Status(200)
	if got := page.Header.Get("Content-Disposition"); !strings.Contains(got, `filename="deskbell-2026-11-20.jsonl"`) {
		t.Errorf("it is sent as %s", got)
	}
	lines := strings.Split(strings.TrimSpace(page.Body), "\n")
	for i, text := range lines {
		var line struct {
			Kind   string
			Number int
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil || (line.Kind == "workspace") != (i == 0) || line.Number != i {
			t.Errorf("line %d is %+v, %v", i, line, err)
		}
	}
	if len(lines) != 52 {
		t.Errorf("a workspace with 51 tickets has %d lines", len(lines))
	}
	page.Has(`"internal_note":true`, "Third question about this in a week", "many@example.net", `"what":"created"`, `"labels":["app","needs info"]`).
		HasNot("Globex", "@anonymous.invalid")
	other := s.Member("admin@globex.example").Post("/desk/settings/export", nil).Status(200)
	other.HasNot("Third question", "many@example.net", "Acme Support")
}
