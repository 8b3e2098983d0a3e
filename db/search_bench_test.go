package db

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskbell/db/model"
)

// benchDocuments is how many documents the benchmark searches.
const benchDocuments = 100_000

// BenchmarkSuggestions searches 100,000 documents of one project for words that stand in all, in
// many and in few of them:
//
//	go test -tags sqlite_fts5 -run '^$' -bench Suggestions ./db
func BenchmarkSuggestions(b *testing.B) {
	db := open(b)
	ws, p := testWorkspace(b, db, "acme.test")
	fillDocuments(b, db, ws.ID, p.ID, benchDocuments)
	for name, typed := range map[string][2]string{
		"prefix of a common word": {"com", ""},
		"a word of all documents": {"common1", ""},
		"a rare word":             {"word1999", ""},
		"a title":                 {"how does common1 work with word150 and word7", ""},
		"title and description": {"common1 common2 common3 common4 common5 common6",
			"word1 common7 word2 word3 common8 word400 word5 common9 word60"},
		"common words that never meet": {"side0 side1", ""},
	} {
		b.Run(name, func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				if _, err := db.Suggestions(context.Background(), ws.ID, p.ID, typed[0], typed[1]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processorTime is what this process has used: on a machine that others use too, the clock says little.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// fillDocuments writes published documents of about 110 words: ten that stand in all of them, one
// that stands in every second one, and a hundred of 2,000, the lower the number the more often.
func fillDocuments(tb testing.TB, db *DB, ws model.WorkspaceID, project model.ProjectID, n int) {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.2, 8, 1999)
	for first := 0; first < n; first += 1000 {
		err := db.update(context.Background(), func(tx *tx) error {
			for i := first; i < min(first+1000, n); i++ {
				var body strings.Builder
				for j := range 10 {
					fmt.Fprintf(&body, "common%d ", j)
				}
				fmt.Fprintf(&body, "side%d ", i%2)
				for range 100 {
					fmt.Fprintf(&body, "word%d ", zipf.Uint64())
				}
				d := model.Document{
					Slug: fmt.Sprintf("document-%d", i), Title: fmt.Sprintf("common%d word%d", i%10, zipf.Uint64()),
					Body: body.String(), State: model.Published,
				}
				if _, err := tx.saveDocument(ws, project, d, model.DocumentText{HTML: "<p></p>"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
}
