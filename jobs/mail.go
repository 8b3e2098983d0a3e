package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"deskbell/db"
	"deskbell/db/model"
)

// sendMail claims and sends due mails one after the other, over one connection. It stops at a server
// that gives no answer: the other mail keeps its attempts for a better moment.
func (r *Runner) sendMail(ctx context.Context) {
	var line *line
	defer func() { line.close() }()
	for ctx.Err() == nil {
		r.handleRequests(ctx) // a long queue must not outlast a login
		claimed, err := r.DB.ClaimMail(ctx)
		if err != nil {
			r.note("claim mail", err)
			return
		}
		if !line.alive() {
			line.close()
			if line, err = r.Sender.open(ctx); err != nil {
				r.failed(ctx, claimed, unreachable(err))
				return
			}
		}
		if err := r.send(ctx, line, claimed); err != nil {
			f := failureOf(err)
			r.failed(ctx, claimed, f)
			if f.broken {
				return
			}
			continue
		}
		r.note("record sent mail", r.DB.MailSent(context.WithoutCancel(ctx), claimed.ID))
	}
}

// send writes a mail and hands it over. A panic is an error of this mail: it must not end the
// process, which would meet the same mail at its next start.
func (r *Runner) send(ctx context.Context, line *line, claimed db.OutboxMail) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic in a mail", "mail", claimed.ID, "stack", string(debug.Stack()))
			err = errors.New("the program has a mistake; its log says more")
		}
	}()
	letter, err := r.DB.Letter(ctx, claimed)
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	logo, err := r.DB.Logo(ctx, letter.Workspace.ID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return fmt.Errorf("read the logo: %w", err)
	}
	letter.Workspace.Logo = logo.Logo // the letter's may have been replaced meanwhile
	written, err := r.Mail.Write(letter)
	if err != nil {
		return err
	}
	return line.send(message{Mail: written, From: letter.Workspace.Name, Date: letter.CreatedAt, Logo: logo.PNG})
}

// failed records a failed attempt. One that the program's stop cut off is none: the mail goes back
// with the rest.
func (r *Runner) failed(ctx context.Context, claimed db.OutboxMail, f failure) {
	if f.broken && ctx.Err() != nil {
		return
	}
	r.Log.Warn("mail not sent", "mail", claimed.ID, "attempt", claimed.Attempts, "permanent", f.permanent, "failed", f.logged)
	r.note("record refused mail", r.DB.MailRefused(context.WithoutCancel(ctx), claimed, f.reason, f.permanent))
}
