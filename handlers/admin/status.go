package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Installation is what the status page tells of beside the database.
type Installation struct {
	Version      string
	DataDir      string
	NoMailServer bool
	Jobs         func() model.JobRuns
	Replica      func(context.Context) model.Replica
}

// little is how much free room asks for attention.
const little = 1 << 30

// Status shows how the installation is: copies, restore, disk, mail, jobs (O7).
func (a *Admin) Status(c echo.Context) error {
	settings, err := a.settings(c, "status")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	proof, err := a.DB.Proof(ctx)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	mail, since, err := a.DB.WaitingMail(ctx, web.Workspace(c).ID)
	if err != nil {
		return err
	}
	replica := a.Replica(ctx)
	return a.Page(c, http.StatusOK, views.Status{Settings: settings, Version: a.Version, Lines: []views.StatusLine{
		replicaLine(replica), filesLine(replica), proofLine(proof, a.Now()), diskLine(a.DataDir), a.mailLine(mail, since), jobsLine(a.Jobs()),
	}})
}

func replicaLine(r model.Replica) views.StatusLine {
	line := views.StatusLine{Name: "Copy of the database", State: "off", Word: "none"}
	switch {
	case !r.Set:
		line.Says = "The database is on one disk alone. Set DESKBELL_REPLICA_URL, or make backups with “deskbell backup”."
	case r.Problem != "":
		line.State, line.Word, line.Says = "problem", "unknown", "It cannot be told: "+r.Problem+"."
	case r.SyncedAt.IsZero():
		line.State, line.Word, line.Says = "warning", "begins", "Litestream has copied nothing yet since it started."
	case r.Late(time.Now(), time.Time{}):
		line.State, line.Word = "problem", "late"
		line.Says = fmt.Sprintf("The copy lacks what was written in the last %s. The server’s log says why.", lasted(time.Since(r.SyncedAt)))
	default:
		line.State, line.Word = "ok", "follows"
		line.Says = fmt.Sprintf("It had everything %s ago.", lasted(time.Since(r.SyncedAt)))
	}
	return line
}

func filesLine(r model.Replica) views.StatusLine {
	if r.FilesFolder == "" {
		return views.StatusLine{Name: "Attached files", State: "ok", Word: "in a bucket", Says: "They do not lie on this server’s disk."}
	}
	return views.StatusLine{Name: "Attached files", State: "off", Word: "not copied",
		Says: "They lie in a folder, and no replica has them. “deskbell backup” takes them with it; DESKBELL_FILES_URL keeps them in a bucket."}
}

func proofLine(p model.Proof, now time.Time) views.StatusLine {
	line := views.StatusLine{Name: "Proven restore", State: "warning", Word: "never"}
	switch {
	case p.At.IsZero():
		line.Says = "Nobody has tried a restore yet: run “deskbell restore -prove”."
		return line
	case now.Sub(p.At) > model.MaxProofAge:
		line.Word = "long ago"
	default:
		line.State, line.Word = "ok", "proven"
	}
	line.At = p.At
	line.Says = fmt.Sprintf("%s from %s were restored in %s and found whole.", model.Count(p.Tickets, "ticket", "tickets"), p.Source, p.Took.Round(time.Millisecond))
	return line
}

func diskLine(folder string) views.StatusLine {
	line := views.StatusLine{Name: "Disk", State: "problem", Word: "unknown", Says: "The data folder does not answer."}
	free, err := web.FreeBytes(folder)
	if err != nil {
		return line
	}
	line.State, line.Word, line.Says = "ok", "fine", model.HumanSize(free)+" are free."
	if free < little {
		line.State, line.Word = "warning", "little room"
	}
	return line
}

func (a *Admin) mailLine(waiting int, since time.Time) views.StatusLine {
	line := views.StatusLine{Name: "Outbox", State: "ok", Word: "goes out", URL: "/desk/outbox"}
	if waiting == 0 {
		line.Says = "No mail waits."
		return line
	}
	line.Says = model.Count(waiting, "mail of your workspace waits", "mails of your workspace wait") + "."
	if age := a.Now().Sub(since); age > 10*time.Minute {
		line.State, line.Word = "warning", "waits"
		line.Says += fmt.Sprintf(" The oldest has waited for %s.", lasted(age))
	}
	if a.NoMailServer {
		line.State, line.Word = "off", "no mail server"
		line.Says += " No mail server is set: set DESKBELL_SMTP_URL."
	}
	return line
}

func jobsLine(runs model.JobRuns) views.StatusLine {
	line := views.StatusLine{Name: "Jobs", State: "ok", Word: "run", At: runs.Stepped, Says: "Mail, retention and clean-up beside the pages."}
	if len(runs.Failing) > 0 {
		line.State, line.Word = "problem", "failing"
		line.Says = "Failing: "
		for i, job := range runs.Failing {
			if i > 0 {
				line.Says += ", "
			}
			line.Says += job.Job
		}
		line.Says += ". The server’s log says why."
	}
	return line
}

// lasted says a time in the largest unit that fits.
func lasted(d time.Duration) string {
	switch {
	case d < time.Minute:
		return model.Count(int(d.Seconds()), "second", "seconds")
	case d < time.Hour:
		return model.Count(int(d.Minutes()), "minute", "minutes")
	case d < 48*time.Hour:
		return model.Count(int(d.Hours()), "hour", "hours")
	}
	return model.Count(int(d.Hours()/24), "day", "days")
}
