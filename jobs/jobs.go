// Package jobs is what happens beside requests: mail goes out, logins are handled, what has ended is
// swept. A job is a row that a request wrote; a job that dies leaves its row to the next.
package jobs

import (
	"context"
	"log/slog"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/views/mail"
)

// Runner runs the jobs of one process.
type Runner struct {
	DB     *db.DB
	Files  files.Store
	Mail   mail.Writer
	Sender *Sender // nil: no mail server is set, and mail waits in the outbox (K4)
	Log    *slog.Logger

	History *History // nil: nobody asks how the jobs are
}

const (
	lookEvery  = 15 * time.Second // for mail whose next try has come; new mail is signalled
	sweepEvery = 10 * time.Minute
)

// Run works until the context ends, then hands back what it holds.
func (r *Runner) Run(ctx context.Context) {
	// This process alone uses the database, so that whatever is still claimed was claimed by one
	// that died.
	r.note("return mail", r.DB.ReturnMail(ctx, true))
	look, sweep := time.NewTicker(lookEvery), time.NewTicker(sweepEvery)
	defer look.Stop()
	defer sweep.Stop()
	r.Sweep(ctx)
	for {
		r.Step(ctx)
		select {
		case <-ctx.Done():
			r.note("return mail", r.DB.ReturnMail(context.WithoutCancel(ctx), true))
			return
		case <-r.DB.MailWaits():
		case <-r.DB.FilesDoomed():
		case <-look.C:
		case <-sweep.C:
			r.Sweep(ctx)
		}
	}
}

// Step does what is due now, once.
func (r *Runner) Step(ctx context.Context) {
	r.handleRequests(ctx)
	r.note("return mail", r.DB.ReturnMail(ctx, false))
	r.tryMail(ctx)
	if r.Sender != nil {
		r.sendMail(ctx)
	}
	r.retain(ctx)
	r.untilDone(ctx, "erase customers", r.DB.Erase)
	r.removeFiles(ctx)
	if r.History != nil {
		r.History.hasStepped(r.DB.Now())
	}
}

// handleRequests looks up who asked for a login, a password or links, and writes their mail.
func (r *Runner) handleRequests(ctx context.Context) {
	r.note("handle logins", r.DB.HandleLogins(ctx))
	r.note("handle password requests", r.DB.HandlePasswordRequests(ctx))
	r.note("handle link requests", r.DB.HandleLinkRequests(ctx))
}

// Sweep removes what has ended, and keeps searches quick.
func (r *Runner) Sweep(ctx context.Context) {
	r.note("sweep counters", r.DB.SweepCounters(ctx))
	r.note("sweep sessions", r.DB.SweepSessions(ctx))
	r.untilDone(ctx, "sweep uploads", r.DB.SweepUploads)
	r.sweepOrphans(ctx)
	r.untilDone(ctx, "sweep mail", r.DB.SweepMail)
	r.untilDone(ctx, "tell of closings", r.DB.NoticeWaiting)
	r.untilDone(ctx, "close waiting tickets", r.DB.CloseWaiting)
	r.untilDone(ctx, "drop unconfirmed tickets", r.DB.DropUnconfirmed)
	r.untilDone(ctx, "tidy the search", r.DB.TidySearch)
	if r.History != nil {
		r.History.hasSwept(r.DB.Now())
	}
}

// untilDone repeats a step that works in small batches, so that writers wait for no long one.
func (r *Runner) untilDone(ctx context.Context, doing string, step func(context.Context) (int, error)) {
	for ctx.Err() == nil {
		n, err := step(ctx)
		r.note(doing, err)
		if n == 0 || err != nil {
			return
		}
	}
}

func (r *Runner) note(doing string, err error) {
	failed := err != nil && model.KindOf(err) == ""
	if failed {
		r.Log.Error("job failed", "job", doing, "error", err)
	}
	if r.History != nil {
		r.History.ran(doing, r.DB.Now(), failed)
	}
}
