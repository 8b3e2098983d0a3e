package db

import (
	"testing"

	"deskbell/db/model"
)

func TestN_NobodyChangesOrShortensTheAuditLog(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, _ := testWorkspace(t, db, "acme.test")
	if err := db.SetTicketRules(t.Context(), ws.ID, 7); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`update audit set actor_name = 'x'`, `delete from audit`, `replace into audit (id, workspace_id, subject, what, actor_name, at) values (1, 1, 'x', 'y', 'z', 1)`} {
		if err := db.update(t.Context(), func(tx *tx) error { _, err := tx.exec(sql); return err }); err == nil {
			t.Errorf("%s works", sql)
		}
	}
	lines, more, err := db.Audit(t.Context(), ws.ID, AuditFilter{Subject: model.AuditTickets})
	if err != nil || more || len(lines) != 1 || lines[0].Actor != model.OnServer || lines[0].Changes[0].To != "7" {
		t.Errorf("the log has %+v, %v, %v", lines, more, err)
	}
}

// A member of one workspace never stands in another's log.
func TestA10_AnActorOfAnotherWorkspaceIsNotNamed(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, _ := testWorkspace(t, db, "acme.test")
	ctx := By(t.Context(), model.Member{ID: 1, WorkspaceID: ws.ID + 1, Name: "Stranger"})
	if err := db.SetTicketRules(ctx, ws.ID, 7); err != nil {
		t.Fatal(err)
	}
	lines, _, err := db.Audit(t.Context(), ws.ID, AuditFilter{Subject: model.AuditTickets})
	if err != nil || len(lines) != 1 || lines[0].Actor != model.OnServer || lines[0].Member != 0 {
		t.Errorf("the log has %+v, %v", lines, err)
	}
}
