package db

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"deskbell/db/model"
)

func TestF2_TheIndexIsTidiedInStepsAndFindsTheSame(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), context.Background()
	ws, p := testWorkspace(t, db)
	parts := func() int {
		t.Helper()
		n, err := value[int](db.reader(ctx), `select count(distinct segid) from documents_bodies_idx`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := 0; parts() <= mostParts; i++ { // each save is a part, until FTS5 merges a few of them
		if i == 1000 {
			t.Fatal("the index never has many parts")
		}
		writeDocument(t, db, ws.ID, model.Published, fmt.Sprintf("Walrus %d", i), "About a seal.")
	}
	before := suggested(t, db, ws.ID, p.ID, "walrus", "seal")
	for steps := 0; ; steps++ {
		n, err := db.TidySearch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
		if steps == 100 {
			t.Fatal("tidying does not end")
		}
	}
	if n := parts(); n != 1 {
		t.Errorf("the index has %d parts, want one", n)
	}
	if after := suggested(t, db, ws.ID, p.ID, "walrus", "seal"); len(after) != MaxSuggestions || !slices.Equal(before, after) {
		t.Errorf("found %q, and before it was tidied %q", after, before)
	}
}
