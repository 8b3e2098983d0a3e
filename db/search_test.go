package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"deskbell/db/model"
)

// writeDocument saves a document whose slug is made of its title.
func writeDocument(t testing.TB, db *DB, ws model.WorkspaceID, state model.DocumentState, title, body string) model.DocumentID {
	t.Helper()
	d := model.Document{Project: "support", Title: title, Body: body, State: state}.Clean()
	id, err := db.SaveDocument(context.Background(), ws, d, model.DocumentText{HTML: "<p></p>"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func suggested(t testing.TB, db *DB, ws model.WorkspaceID, project model.ProjectID, title, description string) []string {
	t.Helper()
	found, err := db.Suggestions(context.Background(), ws, project, title, description)
	if err != nil {
		t.Fatalf("%q, %q: %v", title, description, err)
	}
	var slugs []string
	for _, d := range found {
		slugs = append(slugs, d.Slug)
	}
	return slugs
}

func TestF2_TitleCountsMoreThanBodyAndRareWordsMoreThanCommonOnes(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, p := testWorkspace(t, db)
	writeDocument(t, db, ws.ID, model.Published, "Printers", "How to print.")
	writeDocument(t, db, ws.ID, model.Published, "Scanners", "A scanner reads what the printer made. Printer, printer, printer.")
	writeDocument(t, db, ws.ID, model.Published, "Shelves", "A shelf stands in a room with a zebra.")
	writeDocument(t, db, ws.ID, model.Published, "Rooms", "A shelf stands in a room.")
	for typed, want := range map[string]string{
		"printer":            "printers scanners",
		"pri":                "printers scanners",
		"shelf zebra":        "shelves rooms",
		"zebras":             "shelves",
		"PRÍNTER":            "printers scanners",
		"unknown":            "",
		"pr":                 "",
		"the printer is off": "printers scanners",
	} {
		if got := strings.Join(suggested(t, db, ws.ID, p.ID, typed, ""), " "); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
	if got := suggested(t, db, ws.ID, p.ID, "help", "my scann"); !slices.Equal(got, []string{"scanners"}) {
		t.Errorf("the description finds %q", got)
	}
}

func TestF2_OnlyPublishedDocumentsAreFoundWhateverBecameOfThem(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), context.Background()
	ws, p := testWorkspace(t, db)
	id := writeDocument(t, db, ws.ID, model.Draft, "Walrus", "A draft.")
	expect := func(when string, typed string, want ...string) {
		t.Helper()
		if got := suggested(t, db, ws.ID, p.ID, typed, ""); !slices.Equal(got, want) {
			t.Errorf("%s: %q finds %q, want %q", when, typed, got, want)
		}
	}
	save := func(title string, state model.DocumentState) {
		t.Helper()
		d, err := db.Document(ctx, ws.ID, id)
		if err == nil {
			d.Title, d.State = title, state
			_, err = db.SaveDocument(ctx, ws.ID, d, model.DocumentText{HTML: "<p></p>"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	expect("as a draft", "walrus")
	save("Walrus", model.Published)
	expect("published", "walrus", "walrus")
	save("Seal", model.Published)
	expect("renamed", "walrus")
	expect("renamed", "seal", "walrus")
	save("Seal", model.Draft)
	expect("a draft again", "seal")
	save("Seal", model.Published)
	if err := db.DeleteDocument(ctx, ws.ID, id); err != nil {
		t.Fatal(err)
	}
	expect("deleted", "seal")
}

func TestF2_OtherProjectsDocumentsAreNotFound(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, p := testWorkspace(t, db)
	other, otherProject := testWorkspace(t, db)
	writeDocument(t, db, ws.ID, model.Published, "Ours", "About the walrus.")
	// The words by which the index knows projects are no way into another one.
	writeDocument(t, db, other.ID, model.Published, "Theirs", fmt.Sprintf("About the walrus, p%d and p%d.", p.ID, otherProject.ID))
	for _, typed := range []string{"walrus", "walrus theirs", fmt.Sprintf("project p%d", otherProject.ID)} {
		if got := suggested(t, db, ws.ID, p.ID, typed, ""); slices.Contains(got, "theirs") {
			t.Errorf("%q finds %q", typed, got)
		}
	}
	if got := suggested(t, db, other.ID, p.ID, "walrus", ""); got != nil {
		t.Errorf("another workspace finds %q", got)
	}
}

func TestF2_AtMostFive(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, p := testWorkspace(t, db)
	for i := range 12 {
		writeDocument(t, db, ws.ID, model.Published, fmt.Sprintf("Walrus %d", i), "About one.")
	}
	if got := suggested(t, db, ws.ID, p.ID, "walrus", ""); len(got) != MaxSuggestions || got[0] != "walrus-11" {
		t.Errorf("found %q, want the five newest", got)
	}
}

// With more documents than are looked at for a word, those with all of several common words are
// still found.
func TestF2_ADocumentWithAllOfManyCommonWordsIsFound(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, p := testWorkspace(t, db)
	writeDocument(t, db, ws.ID, model.Published, "Both", "walrus seal")
	for i := range 2*maxCandidates + 20 {
		writeDocument(t, db, ws.ID, model.Published, fmt.Sprintf("Number %d", i), []string{"walrus", "seal"}[i%2])
	}
	if got := suggested(t, db, ws.ID, p.ID, "walrus seal", ""); len(got) == 0 || got[0] != "both" {
		t.Errorf("found %q, want the one with both words first", got)
	}
}

// Words that never meet make a walk of all that a project has: it is not begun where that is very much. This
// looks for the one document that such a walk would find, older than all that are looked at for each word.
func TestF2_NoTypedTextWalksThroughVeryManyDocuments(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, p := testWorkspace(t, db)
	writeDocument(t, db, ws.ID, model.Published, "Both", "walrus seal")
	many := make([]RenderedDocument, maxTogether)
	for i := range many {
		many[i].Document = model.Document{Slug: fmt.Sprint("number-", i), Title: "A", Body: []string{"walrus", "seal"}[i%2], State: model.Published}
	}
	if err := db.AddDocuments(context.Background(), ws.ID, p.ID, many[1:]); err != nil {
		t.Fatal(err)
	}
	if got := suggested(t, db, ws.ID, p.ID, "walrus seal", ""); got[0] != "both" {
		t.Errorf("among %d documents: found %q, want the one with both words first", maxTogether, got)
	}
	if err := db.AddDocuments(context.Background(), ws.ID, p.ID, many[:1]); err != nil {
		t.Fatal(err)
	}
	if got := suggested(t, db, ws.ID, p.ID, "walrus seal", ""); len(got) != MaxSuggestions || slices.Contains(got, "both") {
		t.Errorf("among more: found %q, want the newest five of either word", got)
	}
}

func TestF2_EachWordIsOneBoundedWalkOfTheIndex(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, index := range []string{"documents_titles", "documents_bodies"} {
		plan := queryPlan(t, db, newestHits, "project : p1", 1, "project : p1", 1)
		// "M" is a match and "desc" order that the index gives itself: else a sort would read all.
		if !strings.Contains(plan, "SCAN "+index+" VIRTUAL TABLE") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is not walked in its own order:\n%s", index, plan)
		}
	}
}

func queryPlan(t testing.TB, db *DB, query string, args ...any) string {
	t.Helper()
	type step struct {
		id, parent, unused int
		detail             string
	}
	steps, err := all(db.reader(context.Background()), func(s *step) []any {
		return []any{&s.id, &s.parent, &s.unused, &s.detail}
	}, "explain query plan "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for _, s := range steps {
		plan.WriteString(s.detail + "\n")
	}
	return plan.String()
}

func FuzzF2_NoTypedTextIsASyntaxError(f *testing.F) {
	db := open(f)
	ws, p := testWorkspace(f, db)
	writeDocument(f, db, ws.ID, model.Published, "Print labels", "And NEAR or NOT: a \"label\"*.")
	for _, text := range []string{
		"", `"`, `""`, "label*", "AND", "a OR", "NEAR(label, 2)", "title:label", "-label ^print", "{title body}:x",
		"label\x00print", "\xff\xfe", "label' --", "𞤀𞤁𞤂", "ﬁne ǆabc", "١٢٣ abc", "a\u0301\u0302bc", strings.Repeat("label ", 5000),
	} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, title, description string) {
		if _, err := db.Suggestions(context.Background(), ws.ID, p.ID, title, description); err != nil {
			t.Errorf("%q, %q: %v", title, description, err)
		}
		if _, err := db.SearchDocuments(context.Background(), ws.ID, p.ID, title); err != nil {
			t.Errorf("%q: %v", title, err)
		}
	})
}
