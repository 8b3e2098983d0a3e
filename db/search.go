package db

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"deskbell/db/model"
)

// Bounds of a search, which make it cost the same however many documents there are (F2).
const (
	MaxSuggestions = 5
	MaxFound       = 30  // on the search page
	maxCandidates  = 200 // the newest documents that are looked at for one word in one column
	// The most documents of a project among which those with every word are looked for: some 1 ms.
	maxTogether = 10_000
	// No further word is looked up after this long. A word that is rare here and common in another project,
	// whose documents were written in turn with these, makes a walk of both.
	patience = 100 * time.Millisecond
)

// What a word counts where it stands, in parts of how rare it is.
const (
	titleWeight = 4
	bodyWeight  = 1
	// A document below this part of the best one's score is no answer.
	leastShare = 0.15
)

// Suggestions returns the published documents of a project that fit what a reporter types best.
func (db *DB) Suggestions(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, title, description string) ([]model.PublicDocument, error) {
	return db.search(ctx, ws, project, model.SuggestionTerms(title, description), MaxSuggestions)
}

// SearchDocuments returns the published documents of a project that fit a search best.
func (db *DB) SearchDocuments(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, text string) ([]model.PublicDocument, error) {
	return db.search(ctx, ws, project, model.SearchTerms(text), MaxFound)
}

// search ranks by which of the words stand in title and body, rare words before common ones. A word
// finds its newest documents only; when every word is a common one, those with all of them are
// looked at besides. That is the one walk that words which never meet make as long as the project has
// documents: where there are very many, the newest ones of each word are enough.
//
// Why not bm25: it counts each word over the documents of every project and workspace, which takes
// long for a common word, and no limit shortens it.
func (db *DB) search(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, terms []model.SearchTerm, limit int) ([]model.PublicDocument, error) {
	if len(terms) == 0 {
		return nil, nil
	}
	q := db.reader(ctx)
	total, err := publishedCount(q, project, maxCandidates)
	if err != nil || total == 0 {
		return nil, err
	}
	found := ranking{total: total, scores: map[int64]float64{}}
	common, every, begin := true, make([]string, 0, len(terms)), time.Now()
	for _, term := range terms {
		if time.Since(begin) > patience {
			common = false
			break
		}
		titles, bodies, err := hits(q, project, term.Match())
		if err != nil {
			return nil, err
		}
		found.add(titles, bodies)
		common, every = common && len(bodies) == maxCandidates, append(every, term.Match())
	}
	if common && len(terms) > 1 {
		if err := found.addTogether(q, project, every); err != nil {
			return nil, err
		}
	}
	return foundDocuments(q, ws, project, found.best(limit))
}

// addTogether adds the newest documents that have every word, unless the project has too many documents.
func (r *ranking) addTogether(q querier, project model.ProjectID, every []string) error {
	documents, err := publishedCount(q, project, maxTogether+1)
	if err != nil || documents > maxTogether {
		return err
	}
	titles, bodies, err := hits(q, project, strings.Join(every, " AND "))
	if err == nil {
		r.add(titles, bodies)
	}
	return err
}

// hits returns the newest documents of a project whose title and whose body match a query.
func hits(q querier, project model.ProjectID, match string) (titles, bodies []int64, err error) {
	type row struct{ titles, bodies string }
	scope := fmt.Sprintf("project : p%d AND ", project)
	r, err := one(q, func(r *row) []any { return []any{&r.titles, &r.bodies} }, newestHits,
		scope+"title : ("+match+")", maxCandidates, scope+"body : ("+match+")", maxCandidates)
	if err != nil {
		return nil, nil, err
	}
	if err = json.Unmarshal([]byte(r.titles), &titles); err == nil {
		err = json.Unmarshal([]byte(r.bodies), &bodies)
	}
	return titles, bodies, err
}

// newestHits walks each index from its newest document on, and stops as soon as it has enough.
const newestHits = `
	select
		(select json_group_array(rowid) from (
			select rowid from documents_titles where documents_titles match ? order by rowid desc limit ?)),
		(select json_group_array(rowid) from (
			select rowid from documents_bodies where documents_bodies match ? order by rowid desc limit ?))`

// publishedCount returns how many published documents a project has, counted up to a number.
func publishedCount(q querier, project model.ProjectID, most int) (int, error) {
	return value[int](q, `
		select count(*) from (select rowid from documents_titles where documents_titles match ? limit ?)`,
		fmt.Sprintf("project : p%d", project), most)
}

// ranking collects what each document scores.
type ranking struct {
	total  int
	scores map[int64]float64
}

func (r *ranking) add(titles, bodies []int64) {
	documents := len(bodies)
	for _, id := range titles {
		if !slices.Contains(bodies, id) {
			documents++
		}
	}
	if documents == 0 {
		return
	}
	rarity := math.Log(1 + float64(r.total)/float64(min(documents, r.total)))
	for _, id := range titles {
		r.scores[id] += titleWeight * rarity
	}
	for _, id := range bodies {
		r.scores[id] += bodyWeight * rarity
	}
}

// best returns the documents of the highest scores, the newer one first among equals.
func (r *ranking) best(limit int) []int64 {
	ids := make([]int64, 0, len(r.scores))
	for id := range r.scores {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(r.scores[b], r.scores[a]), cmp.Compare(b, a))
	})
	ids = ids[:min(len(ids), limit)]
	for i, id := range ids {
		if r.scores[id] < leastShare*r.scores[ids[0]] {
			return ids[:i]
		}
	}
	return ids
}

// foundDocuments reads documents in the order of their ids here. It asks once more whether the public may
// see them.
func foundDocuments(q querier, ws model.WorkspaceID, project model.ProjectID, ids []int64) ([]model.PublicDocument, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("list the documents: %w", err)
	}
	return all(q, intoPublicDocument, `
		select d.slug, d.title, d.excerpt, '', '[]', d.updated_at
		from json_each(?) found
		cross join documents d on d.id = found.value
		where d.workspace_id = ? and d.project_id = ? and d.state = 'published'
		order by found.key`, string(list), ws, project)
}
