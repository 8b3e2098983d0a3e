package db

import (
	"testing"

	"deskbell/db/model"
)

func TestA12_TheBaseHostServesTheFirstWorkspaceUntilItIsAPageDomain(t *testing.T) {
	t.Parallel()
	db := open(t)
	first, _ := testWorkspace(t, db)
	for range 2 { // from the database, and from memory
		if ws, err := db.WorkspaceOfBaseHost(t.Context(), "desk.test"); err != nil || ws.ID != first.ID {
			t.Fatalf("workspace %d, %v; want the first", ws.ID, err)
		}
	}
	if _, err := db.WorkspaceByHost(t.Context(), ""); model.KindOf(err) != model.NotFound {
		t.Errorf("no host: %v, want not found", err)
	}
	owner, err := db.CreateWorkspace(t.Context(), NewWorkspace{
		Name: "Globex", Kind: model.Standard, Color: "#1d5fa8", Hosts: []string{"desk.test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if ws, err := db.WorkspaceOfBaseHost(t.Context(), "desk.test"); err != nil || ws.ID != owner.ID {
		t.Errorf("workspace %d, %v; want the one whose page domain it has become", ws.ID, err)
	}
}
