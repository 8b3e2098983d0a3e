package handlers_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
)

// The folder of the store is taken away under the server, as a disk that fails is.
func TestB3_AFailingStoreLosesNothingTyped(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s := handlerstest.Start(t, handlerstest.FilesAt("file://"+dir))
	thread := s.Ticket("", "support", "ada@example.org", "Help")
	v := s.Visitor("")
	create, reply := newForm(v, "Typed into the form"), v.Get(thread).Form(thread+"/reply")
	reply.Set("message", "Typed into the reply")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	file := attach{Name: "a.txt", Content: "x"}
	page := v.PostFiles("/ticket/support", create, file).Status(503).Has("Files cannot be kept here at the moment", "Typed into the form", "Go back")
	v.PostFiles(thread+"/reply", reply, file).Status(503).Has("Typed into the reply", "Go back")
	v.Upload(thread+"/uploads", reply.Get("form_key"), file).Status(503).Has("Files cannot be kept here")
	if !strings.Contains(s.Log.String(), "the store of files failed") {
		t.Error("the log says nothing about the store")
	}
	back := page.Form("/ticket/support")
	v.Post("/ticket/support", back).Status(303) // without the file it goes
	if waiting := v.Get(thread).Form(thread + "/reply")["upload"]; len(waiting) > 0 {
		t.Errorf("%d files wait that nobody could keep", len(waiting))
	}
}

func TestG8_MissingBytesAreSaidAndLogged(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := opened(t, s, attach{Name: "lost.txt", Content: "x"})
	v := s.Visitor("")
	link := v.Get(thread).Links(thread+"/attachments/", "")[0]
	if err := s.Files.Each(t.Context(), func(f files.Info) error { return s.Files.Remove(t.Context(), f.Name) }); err != nil {
		t.Fatal(err)
	}
	v.Get(link).Status(404).Has("This file is not there any more")
	if !strings.Contains(s.Log.String(), "the bytes of a file are missing") {
		t.Error("the log says nothing about the missing bytes")
	}
}

func TestG6_RetentionRemovesWhatHasBeenClosedForLong(t *testing.T) {
	bothStores(t, retentionRemoves)
}

func retentionRemoves(t *testing.T, s *handlerstest.Server) {
	closed := opened(t, s, attach{Name: "old.txt", Content: "old"}, attach{Name: "old.png", Content: picture(t, 9, 9)})
	s.Clock.Move(time.Minute)
	open := opened(t, s, attach{Name: "kept.txt", Content: "kept"})
	agent := s.Member("agent@example.com")
	status := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/status")
	status.Set("status", optionOf(t, agent.Get("/desk/tickets/7").Body, "Resolved"))
	agent.Post("/desk/tickets/7/status", status).Status(303)
	set(t, s, "/desk/settings/attachments", map[string]string{"retention_value": "30", "retention_unit": "days"})
	run := func() handlerstest.Page {
		t.Helper()
		admin := s.Member("admin@example.com")
		admin.Follow(admin.Post("/desk/settings/attachments/run", nil)).Has("The clean-up begins in a moment", "was asked for")
		s.Jobs.Step(t.Context())
		return admin.Get("/desk/settings/attachments").Status(200).HasNot("was asked for")
	}
	v := s.Visitor("")
	s.Clock.Move(29 * 24 * time.Hour)
	run()
	v.Get(closed).Has("old.txt").HasNot("removed on")
	stored := count(t, s)
	s.Clock.Move(2 * 24 * time.Hour)
	before := v.Get(closed).Header.Get("ETag")
	run().Has("<dt>Attachments cleaned</dt><dd>2</dd>", "<dt>Last error</dt><dd>none</dd>")
	page := v.Get(closed).Has("old.txt", "old.png", "removed on 21 December 2026")
	if len(page.Links(closed+"/attachments/", "")) > 0 || page.Header.Get("ETag") == before {
		t.Error("the page still links what is gone")
	}
	v.Get(open).Has("kept.txt").HasNot("removed on")
	if left := count(t, s); left != stored-3 {
		t.Errorf("%d of %d files are left, want two files and a preview gone", left, stored)
	}
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("2 files were removed, because the ticket has been closed for long")
	// By itself it runs once a day.
	s.Clock.Move(25 * time.Hour)
	s.Jobs.Step(t.Context())
	s.Member("admin@example.com").Get("/desk/settings/attachments").Has("<dt>Attachments cleaned</dt><dd>0</dd>")
}

// optionOf returns the value of the option with a label.
func optionOf(t *testing.T, body, label string) string {
	t.Helper()
	before, _, ok := strings.Cut(body, ">"+label+"</option>")
	if !ok {
		t.Fatalf("there is no option %s", label)
	}
	value := before[strings.LastIndex(before, `value="`)+7:]
	return value[:strings.IndexByte(value, '"')]
}

func TestG2_ADroppedTicketsFilesGoWithIt(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/mail", map[string]string{"unconfirmed_drop_after": "7"})
	v := s.Visitor("")
	form := newForm(v, "Nobody confirms it")
	form.Set("email", "nobody@example.org")
	stored := count(t, s)
	v.PostFiles("/ticket/support", form, attach{Name: "a.txt", Content: "x"}).Status(303)
	s.Clock.Move(8 * 24 * time.Hour)
	s.Jobs.Sweep(t.Context())
	s.Jobs.Step(t.Context())
	if left := count(t, s); left != stored {
		t.Errorf("%d files are left, want %d", left, stored)
	}
}

func TestB3_ABucketThatRefusesLosesNothingTyped(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(filestest.S3(t))
	if err != nil {
		t.Fatal(err)
	}
	address.Host = "no-such-bucket"
	s := handlerstest.Start(t, handlerstest.FilesAt(address.String()))
	v := s.Visitor("")
	page := v.PostFiles("/ticket/support", newForm(v, "Typed into the form"), attach{Name: "a.txt", Content: "x"})
	page.Status(503).Has("Files cannot be kept here at the moment", "Typed into the form", "Go back").HasNot("no-such-bucket")
	v.Post("/ticket/support", page.Form("/ticket/support")).Status(303)
}

func TestG2_BytesThatNoRowNamesAreSweptAfterAnHour(t *testing.T) { bothStores(t, orphansGo) }

func orphansGo(t *testing.T, s *handlerstest.Server) {
	thread := opened(t, s, attach{Name: "named.png", Content: picture(t, 9, 9)})
	stored := count(t, s)
	orphan, err := s.Files.Receive(t.Context(), strings.NewReader("left by a crash"), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer orphan.Close()
	if err := s.Files.Put(t.Context(), files.NewName(), orphan); err != nil {
		t.Fatal(err)
	}
	sweep := func() int {
		t.Helper()
		if err := s.Jobs.SweepFiles(t.Context()); err != nil {
			t.Fatal(err)
		}
		return count(t, s)
	}
	// The store's own clock says when a file came; the server's is moved to it, and then on.
	s.Clock.Move(time.Since(s.Clock.Now()) + 59*time.Minute)
	if left := sweep(); left != stored+1 {
		t.Errorf("%d files are left, want all %d: the youngest may still get its row", left, stored+1)
	}
	s.Clock.Move(2 * time.Minute)
	if left := sweep(); left != stored {
		t.Errorf("%d files are left, want the %d that rows name", left, stored)
	}
	s.Visitor("").Get(thread).Status(200).Has("named.png")
}
