package db

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"deskbell/db/model"
)

func TestA6_OfTwoChangesToOneVersionOneIsSaved(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), context.Background()
	ws, _ := testWorkspace(t, db)
	id := writeDocument(t, db, ws.ID, model.Draft, "Walrus", "First.")
	seen, err := db.Document(ctx, ws.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	var saved atomic.Int32
	for i := range 10 {
		wait.Go(func() {
			d := seen
			d.Body = fmt.Sprintf("Change %d.", i)
			_, err := db.SaveDocument(ctx, ws.ID, d, model.DocumentText{})
			switch {
			case err == nil:
				saved.Add(1)
			case model.KindOf(err) != model.Conflict:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if saved.Load() != 1 {
		t.Errorf("%d changes were saved, want 1", saved.Load())
	}
}

func TestA6_ListsArePagedByKey(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), context.Background()
	ws, p := testWorkspace(t, db)
	const published = 2*DocumentPageSize + 7
	for i := range published {
		writeDocument(t, db, ws.ID, model.Published, fmt.Sprintf("Walrus %03d", i), "Text.")
	}
	writeDocument(t, db, ws.ID, model.Draft, "Walrus 050 draft", "Text.")
	var titles []string
	for after, more := "", true; more; {
		list, next, err := db.PublicDocuments(ctx, ws.ID, p.ID, after)
		if err != nil || len(list) == 0 {
			t.Fatal(len(list), err)
		}
		for _, d := range list {
			titles = append(titles, d.Title)
		}
		after, more = list[len(list)-1].Slug, next
	}
	if len(titles) != published {
		t.Fatalf("%d titles on all pages, want %d", len(titles), published)
	}
	for i, title := range titles {
		if title != fmt.Sprintf("Walrus %03d", i) {
			t.Fatalf("title %d is %q", i, title)
		}
	}
}

func TestA6_ListsUseAnIndex(t *testing.T) {
	t.Parallel()
	db := open(t)
	plan := queryPlan(t, db, publicDocumentPage, 1, 1, "walrus", 10)
	if !strings.Contains(plan, "documents_published (workspace_id=? AND project_id=? AND (title,slug)>(?,?))") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("the public list does not walk its index:\n%s", plan)
	}
	plan = queryPlan(t, db, documentPageQuery, 1, 1, "walrus", 10)
	if !strings.Contains(plan, "documents_title (workspace_id=? AND project_id=? AND (title,slug)>(?,?))") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("the settings' list does not walk its index:\n%s", plan)
	}
}

func TestA10_ADocumentOfAnotherWorkspaceIsNotThere(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), context.Background()
	ws, p := testWorkspace(t, db)
	other, _ := testWorkspace(t, db)
	id := writeDocument(t, db, ws.ID, model.Published, "Walrus", "Text.")
	_, err := db.Document(ctx, other.ID, id)
	_, publicErr := db.PublicDocument(ctx, other.ID, p.ID, "walrus")
	_, saveErr := db.SaveDocument(ctx, other.ID, model.Document{
		ID: id, Project: "support", Slug: "taken", Title: "Taken", Body: "x", State: model.Draft, Version: 1}, model.DocumentText{})
	for what, err := range map[string]error{
		"read": err, "public": publicErr, "save": saveErr, "delete": db.DeleteDocument(ctx, other.ID, id),
	} {
		if model.KindOf(err) != model.NotFound {
			t.Errorf("%s: %v, want not found", what, err)
		}
	}
	if d, err := db.Document(ctx, ws.ID, id); err != nil || d.Title != "Walrus" {
		t.Errorf("the document became %+v, %v", d, err)
	}
}
