package jobs

import (
	"context"
	"fmt"

	"deskbell/db"
	"deskbell/db/model"
)

// sendMail claims and sends due mails one after the other, over one connection.
func (r *Runner) sendMail(ctx context.Context) {
	var line *line
	defer func() { line.close() }()
	for ctx.Err() == nil {
		claimed, err := r.DB.ClaimMail(ctx)
		if err != nil {
			r.note("claim mail", err)
			return
		}
		if line == nil {
			if line, err = r.Sender.open(ctx); err != nil {
				r.failed(ctx, claimed, failure{reason: "The mail server could not be reached: " + err.Error()})
				return
			}
		}
		if err := r.send(ctx, line, claimed); err != nil {
			r.failed(ctx, claimed, failureOf(err))
			line.close()
			line = nil
			continue
		}
		r.note("record sent mail", r.DB.MailSent(context.WithoutCancel(ctx), claimed.ID))
	}
}

func (r *Runner) send(ctx context.Context, line *line, claimed db.OutboxMail) error {
	letter, err := r.DB.Letter(ctx, claimed)
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	written, err := r.Mail.Write(letter)
	if err != nil {
		return err
	}
	var logo *db.Logo
	if letter.Workspace.LogoHash != "" {
		found, err := r.DB.Logo(ctx, letter.Workspace.ID)
		if err != nil {
			return fmt.Errorf("read the logo: %w", err)
		}
		logo = &found
	}
	return line.send(message{Mail: written, From: letter.Workspace.Name, Date: letter.CreatedAt, Logo: logo})
}

// failed records a failed attempt; the log names the row and not the address.
func (r *Runner) failed(ctx context.Context, claimed db.OutboxMail, f failure) {
	r.Log.Warn("mail not sent", "mail", claimed.ID, "attempt", claimed.Attempts, "permanent", f.permanent, "reason", f.reason)
	r.note("record refused mail", r.DB.MailRefused(context.WithoutCancel(ctx), claimed, model.CleanLine(f.reason), f.permanent))
}
