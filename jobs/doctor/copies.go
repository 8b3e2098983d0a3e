package doctor

import (
	"context"
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

// copies looks at what is left of the data when this disk is lost.
func (e *exam) copies(ctx context.Context, data *db.DB) {
	r := e.Replica(ctx)
	e.replica(r, time.Now()) // by the wall clock, as Litestream
	e.fileCopies(r)
	e.proof(ctx, data)
}

func (e *exam) replica(r model.Replica, now time.Time) {
	const check = "replica"
	switch {
	case !r.Set:
		e.report(Warning, check, "None is set: the database is on this disk alone. Set DESKBELL_REPLICA_URL, or make backups with deskbell backup.")
	case r.Problem != "":
		e.report(Warning, check, "Its age cannot be told: %s. If deskbell runs, look into its log; if it does not, start it.", r.Problem)
	case r.SyncedAt.IsZero():
		e.report(Warning, check, "%s has got nothing yet since the start. Look again in a minute, and then into the log.", r.Where)
	case r.Late(now, time.Time{}):
		e.report(Problem, check, "%s lacks what was written in the last %s. The log of deskbell says why.", r.Where, now.Sub(r.SyncedAt).Round(time.Second))
	default:
		e.report(OK, check, "%s had everything %s ago.", r.Where, now.Sub(r.SyncedAt).Round(time.Second))
	}
}

func (e *exam) fileCopies(r model.Replica) {
	const check = "copies of files"
	if r.FilesFolder == "" {
		e.report(OK, check, "Files lie in a bucket, and not on this disk.")
		return
	}
	e.report(Warning, check, "Files lie in %s alone, and no replica has them. Make backups with deskbell backup, or keep files in a bucket by DESKBELL_FILES_URL.", r.FilesFolder)
}

func (e *exam) proof(ctx context.Context, data *db.DB) {
	const check = "proven restore"
	p, err := data.Proof(ctx)
	switch {
	case model.KindOf(err) == model.NotFound:
		e.report(Warning, check, "Nobody has tried a restore yet. Run: deskbell restore -prove")
	case err != nil:
		e.report(Problem, check, "It cannot be read: %v.", err)
	case data.Now().Sub(p.At) > model.MaxProofAge:
		e.report(Warning, check, "The last one was on %s. Run: deskbell restore -prove", p.At.Format(time.DateOnly))
	default:
		e.report(OK, check, "%s tickets from %s came back whole within %s on %s.", model.Thousands(p.Tickets), p.Source, p.Took.Round(time.Millisecond), p.At.Format(time.DateOnly))
	}
}
