package db

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"deskbell/db/model"
)

const (
	// maxHits bounds how many of the newest entries a search finds.
	maxHits = 500
	// maxEndings bounds how many words an unfinished one may stand for.
	maxEndings = 40
	// searchPatience bounds the walk of each index: words that many texts have, and none has together, are looked for
	// in all of them.
	searchPatience = 150 * time.Millisecond
)

// foundTexts is what a search found: tickets, and for each the newest entry that has the words.
type foundTexts struct {
	ids     string // of the tickets, as a JSON list; "": nothing was searched for
	entries map[model.TicketID]model.MessageID
	bounded bool
}

// find looks for a filter's words in tickets and entries, the newest maxHits of each.
func (f InboxFilter) find(q reader, ws model.WorkspaceID) (foundTexts, error) {
	found := foundTexts{entries: map[model.TicketID]model.MessageID{}}
	if len(f.Words) == 0 {
		return found, nil
	}
	hits, err := found.newest(q, ws, f.Words, "message_words", `
		select m.ticket_id, m.id
		from (select rowid from message_texts where message_texts match ? order by rowid desc limit ?) found
		cross join messages m on m.id = found.rowid`)
	if err != nil {
		return found, err
	}
	more, err := found.newest(q, ws, f.Words, "ticket_words", `
		select rowid, 0 from ticket_texts where ticket_texts match ? order by rowid desc limit ?`)
	if err != nil {
		return found, err
	}
	ids := make([]model.TicketID, 0, len(hits)+len(more))
	for _, h := range append(hits, more...) {
		if _, known := found.entries[h.ticket]; !known {
			found.entries[h.ticket] = h.message
			ids = append(ids, h.ticket)
		}
	}
	found.ids = jsonList(ids)
	return found, nil
}

// hit is a ticket that has the words, in an entry or by itself.
type hit struct {
	ticket  model.TicketID
	message model.MessageID
}

// newest runs a search of one index, and returns what it has found when maxHits are found or its time is over.
func (t *foundTexts) newest(q reader, ws model.WorkspaceID, words []string, vocabulary, query string) ([]hit, error) {
	forms, err := endings(q, vocabulary, model.Unfinished(words))
	if err != nil {
		return nil, err
	}
	match := fmt.Sprintf("workspace : w%d AND text : (%s)", ws, model.MatchWords(words, forms))
	ctx, stop := context.WithTimeout(q.ctx, searchPatience)
	defer stop()
	hits, err := all(q.db.reader(ctx), func(h *hit) []any { return []any{&h.ticket, &h.message} }, query, match, maxHits)
	if over := ctx.Err() != nil && q.ctx.Err() == nil; over && err != nil {
		t.bounded, err = true, nil
	}
	t.bounded = t.bounded || len(hits) == maxHits || len(forms) == maxEndings
	return hits, err
}

// endings returns the indexed words that begin as an unfinished one, which is the last of a search. FTS5 would read all
// entries of all these words to find the newest ones; a few words by their names are walked from the newest entry on.
func endings(q querier, vocabulary, begin string) (list []string, err error) {
	if begin = indexed(begin); begin == "" {
		return nil, nil
	}
	for from := begin; len(list) < maxEndings; {
		term, err := value[string](q, `select term from `+vocabulary+` where term >= ? and term < ? limit 1`, from, begin+afterAnyText)
		if model.KindOf(err) == model.NotFound {
			break
		}
		if err != nil {
			return nil, err
		}
		list, from = append(list, term), term+"\x00" // right behind it
	}
	return list, nil
}

// indexed is a word as the index has it: in small letters, without marks.
func indexed(word string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(word)))
}

// addFound shows the newest entry that a search found; the description where the ticket itself has the words.
func addFound(q querier, lines map[model.TicketID]*InboxTicket, tickets []model.TicketID, messages []model.MessageID, words []string) error {
	type text struct {
		ticket model.TicketID
		text   string
	}
	texts, err := all(q, func(t *text) []any { return []any{&t.ticket, &t.text} }, `
		select m.ticket_id, m.body
		from json_each(?) found cross join messages m on m.id = found.value
		union all
		select t.id, t.description
		from json_each(?) page cross join tickets t on t.id = page.value`, jsonList(messages), jsonList(tickets))
	for _, t := range texts {
		if line := lines[t.ticket]; line.Found == nil {
			line.Found = model.Snippet(t.text, words)
		}
	}
	return err
}
