package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"deskbell/db"
	"deskbell/db/model"
)

// Words that ManyDocuments writes, to search for.
const (
	EveryWord  = "common%d" // 0 to 9: stands in every document
	EitherWord = "side%d"   // 0 or 1: one of the two stands in each document, never both
	ManyWord   = "word%d"   // 0 to 1999: stands in fewer documents, the higher its number is
)

// documentBatch is how many documents share a transaction.
const documentBatch = 10_000

// ManyDocuments makes a workspace with so many published documents in one project, of some fifty words each.
// The same number gives the same texts.
func ManyDocuments(ctx context.Context, data *db.DB, documents int, hash func(string) string) (Crowd, error) {
	c, err := emptyCrowd(ctx, data, hash)
	if err != nil {
		return c, err
	}
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.2, 8, 1999)
	for done := 0; done < documents; done += documentBatch {
		batch := make([]db.RenderedDocument, min(documentBatch, documents-done))
		for i := range batch {
			batch[i] = manyWords(zipf, done+i)
		}
		if err := data.AddDocuments(ctx, c.Workspace.ID, c.Project.ID, batch); err != nil {
			return c, fmt.Errorf("documents from %d: %w", done, err)
		}
	}
	return c, nil
}

// manyWords is a document of words that stand in every document, in every second one, and in fewer.
func manyWords(zipf *rand.Zipf, n int) db.RenderedDocument {
	var body strings.Builder
	for i := range 10 {
		fmt.Fprintf(&body, EveryWord+" ", i)
	}
	fmt.Fprintf(&body, EitherWord, n%2)
	for range 40 {
		fmt.Fprintf(&body, " "+ManyWord, zipf.Uint64())
	}
	title := fmt.Sprintf(EveryWord+" "+ManyWord, n%10, zipf.Uint64())
	return db.RenderedDocument{
		Document: model.Document{Slug: fmt.Sprintf("document-%d", n), Title: title, Body: body.String(), State: model.Published},
		Text:     model.DocumentText{HTML: "<p></p>", Excerpt: title},
	}
}
