package handlers_test

import (
	"context"
	"testing"
	"time"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

const statusPage = "/desk/settings/status"

func TestO7_TheStatusPageSaysWhatCouldBeLost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	admin.Get(statusPage).Status(200).Has("Version v0-test", "The database is on one disk alone", "not copied",
		"Nobody has tried a restore yet", "are free.", "Outbox", "Jobs")

	s.Replica = func() model.Replica {
		return model.Replica{Set: true, Where: "s3://bucket/desk", SyncedAt: time.Now().Add(-2 * time.Second)}
	}
	admin.Get(statusPage).Has("follows", "It had everything", "in a bucket").HasNot("on one disk alone")
	s.Replica = func() model.Replica { return model.Replica{Set: true, SyncedAt: time.Now().Add(-time.Hour)} }
	admin.Get(statusPage).Has("late", "The copy lacks what was written in the last 1 hour.")
	s.Replica = func() model.Replica {
		return model.Replica{Set: true, Problem: "Litestream does not answer: nothing copies the database at this moment"}
	}
	admin.Get(statusPage).Has("unknown", "Litestream does not answer")
}

func TestO7_AnOldProofCountsAsLongAgo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	proof := model.Proof{Source: "s3://bucket/desk", Took: 450 * time.Millisecond, Tickets: 1}
	if err := s.DB.NoteProof(context.Background(), proof); err != nil {
		t.Fatal(err)
	}
	admin := s.Member("admin@example.com")
	admin.Get(statusPage).Has("proven", "1 ticket from s3://bucket/desk were restored in 450ms and found whole.")
	s.Clock.Move(model.MaxProofAge + time.Hour)
	s.Member("admin@example.com").Get(statusPage).Has("long ago")
}

func TestO7_MailThatWaitsLongIsMarked(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.NoMailServer())
	s.Visitor("").OpenTicket("support", "ann@example.org", "Waiting")
	s.Clock.Move(time.Hour)
	s.Member("admin@example.com").Get(statusPage).Has("no mail server", "The oldest has waited for", "Set", "DESKBELL_SMTP_URL")
}

func TestA9_ALateReplicaIsNotReadyAndAYoungProcessHasTime(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Replica = func() model.Replica { return model.Replica{Set: true, SyncedAt: time.Now().Add(-time.Hour)} }
	// It began a moment ago: Litestream has had no time.
	s.Visitor("").Get("/readyz").Status(200).Has("replica: had everything 3600 s ago")
}

func TestA9_TheReplicaIsLateAfterTwoMinutes(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		name          string
		synced, began time.Duration // before now
		late          bool
	}{
		{"fresh", time.Second, time.Hour, false},
		{"behind", 3 * time.Minute, time.Hour, true},
		{"behind, and just begun", time.Hour, time.Minute, false},
		{"behind since the start", time.Hour, 3 * time.Minute, true},
	} {
		r := model.Replica{Set: true, SyncedAt: now.Add(-c.synced)}
		if r.Late(now, now.Add(-c.began)) != c.late {
			t.Errorf("%s: late is not %v", c.name, c.late)
		}
	}
	if (model.Replica{}).Late(now, now.Add(-time.Hour)) {
		t.Error("no replica is late")
	}
}
