package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestM3_ThePreviewShowsWhatTheReporterSeesAndTheAnswerThatIsNotSent(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	page := agent.Get("/desk/tickets/2/preview").Status(200).Has("This is what the reporter sees.", "Import stops at row 1,001", "4.3.1", "import-2026-11-14.log").
		HasNot("parser-trace.txt", "triage-queue-7", "The parser counts", "Not sent yet", "joan@example.org", "<textarea")
	agent.Get(page.Links("/desk/tickets/2/attachments/", "")[0]).Status(200)

	form := agent.Get("/desk/tickets/2").Status(200).Form("/desk/tickets/2/messages")
	form.Set("message", "It ships on **Thursday**.")
	form.Set("preview", "1")
	shown := agent.Post("/desk/tickets/2/messages", form).Status(303).Header.Get("Location")
	if !strings.HasPrefix(shown, "/desk/tickets/2/preview?form=") {
		t.Fatalf("it leads to %s", shown)
	}
	agent.Get(shown).Status(200).Has("Not sent yet", "It ships on <strong>Thursday</strong>.")
	agent.Get("/desk/tickets/2").Has("It ships on **Thursday**.") // kept as a draft
	s.Member("admin@example.com").Get(shown).Status(200).HasNot("Thursday")

	form.Set("kind", "note")
	agent.Post("/desk/tickets/2/messages", form).Status(303)
	agent.Get(shown).Status(200).HasNot("Thursday")

	agent.Get("/desk/tickets/999/preview").Status(404)
	s.Visitor("").Get(shown).Status(303)
}

func TestM3_ThePreviewIsInTheReportersLanguageAndMarksNothingAsSeen(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "grace@new.example", "Auf Deutsch, bitte")
	visitor := s.Visitor("")
	visitor.Post(thread+"/language", url.Values{"language": {"de"}})
	visitor.Post(visitor.Get(thread).Status(200).Choice("de"), url.Values{}).Status(303)
	agentAnswers(s, "/desk/tickets/7", "Gern.")
	s.Member("agent@example.com").Get("/desk/tickets/7/preview").Status(200).Has("Das sieht, wer das Ticket eröffnet hat.")
	s.Visitor("").Get(thread).Status(200).Has("conversation__new")
}
