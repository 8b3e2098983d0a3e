package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"deskbell/db/model"
)

// OverviewPageSize is how many tickets a page of the overview holds.
const OverviewPageSize = 50

// Bounds of a search in one customer's tickets (J3).
const (
	maxOverviewWords  = 6
	maxOverviewSearch = 2000 // tickets whose texts are looked at for one page
)

// OverviewFilter picks tickets of a customer. The zero value is all that are open.
type OverviewFilter struct {
	Done bool
	Text string // words that title, description or public messages have; "": all tickets
}

// OverviewPlace is a place in the overview: below a ticket. The zero value is the top.
type OverviewPlace struct {
	State model.PublicState
	At    time.Time // its last activity
	Ref   string
}

// CustomerTickets returns the tickets of a customer below a place, and whether there are more below
// those: those that wait for the customer first, then newest activity first.
func (db *DB) CustomerTickets(ctx context.Context, ws model.WorkspaceID, customer model.CustomerID, f OverviewFilter, below OverviewPlace) ([]model.PublicTicket, bool, error) {
	words, err := foldedWords(f.Text)
	if err != nil {
		return nil, false, err
	}
	if below == (OverviewPlace{}) {
		below = OverviewPlace{State: model.WaitingForYou, At: time.UnixMilli(1<<53 - 1)}
	}
	looked := OverviewPageSize + 1
	if words != "[]" {
		looked = maxOverviewSearch
	}
	list, err := all(db.reader(ctx), intoPublicTicket, overview,
		ws, customer, f.Done, below.State == model.WaitingForYou, millis(below.At), below.Ref,
		looked, words, OverviewPageSize+1)
	if len(list) > OverviewPageSize {
		return list[:OverviewPageSize], true, err
	}
	return list, false, err
}

func intoPublicTicket(t *model.PublicTicket) []any {
	return []any{&t.Ref, &t.Title, publicState{&t.State}, at(&t.LastActivityAt), &t.Unread}
}

// overview sorts what an index has of the customer's tickets, and joins the rest to the page's. A
// search reads the texts of the first ones, up to maxOverviewSearch.
//
// Why not a full-text index: each message of everybody would be written twice for it, and one
// customer's tickets are few enough to be read.
const overview = `
	with mine as (
		select t.id, t.category, t.last_activity_at, t.ref, r.seen_version < t.public_version as unread
		from recipients r
		cross join tickets t indexed by tickets_overview on t.id = r.ticket_id
		where r.workspace_id = ?1 and r.customer_id = ?2 and (t.category = 'closed') = ?3
			and (t.category = 'waiting', t.last_activity_at, t.ref) < (?4, ?5, ?6)
		order by t.category = 'waiting' desc, t.last_activity_at desc, t.ref desc
		limit ?7
	)
	select mine.ref, t.title, mine.category, mine.last_activity_at, mine.unread
	from mine
	cross join tickets t on t.id = mine.id
	where not exists (
		select 1
		from json_each(?8) word
		where not contains_folded(t.title, word.value)
			and not contains_folded(t.description, word.value)
			and not exists (
				select 1
				from messages m
				where m.ticket_id = t.id and m.kind = 'message' and contains_folded(m.body, word.value)
			)
	)
	order by mine.category = 'waiting' desc, mine.last_activity_at desc, mine.ref desc
	limit ?9`

// foldedWords returns the first words of a search as a JSON list. Whatever is typed is text.
func foldedWords(text string) (string, error) {
	words := strings.Fields(fold(text))
	list, err := json.Marshal(words[:min(len(words), maxOverviewWords)])
	if err != nil {
		return "", fmt.Errorf("list the words of a search: %w", err)
	}
	return string(list), nil
}

// Unread counts tickets of a customer with something that they have not seen.
type Unread struct {
	Open int
	Done int
}

// UnreadTickets counts a customer's unread tickets, by the index that the overview uses.
func (db *DB) UnreadTickets(ctx context.Context, ws model.WorkspaceID, customer model.CustomerID) (Unread, error) {
	return one(db.reader(ctx), func(u *Unread) []any { return []any{&u.Open, &u.Done} }, `
		select coalesce(sum(t.category <> 'closed'), 0), coalesce(sum(t.category = 'closed'), 0)
		from recipients r
		cross join tickets t indexed by tickets_overview on t.id = r.ticket_id
		where r.workspace_id = ? and r.customer_id = ? and r.seen_version < t.public_version`, ws, customer)
}

// Seen records which version of the thread its reader has before them. Who has seen it already costs
// no write.
func (db *DB) Seen(ctx context.Context, ws model.WorkspaceID, r model.Reader, version int64) error {
	if version <= r.Seen {
		return nil
	}
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update recipients set seen_version = ?
			where workspace_id = ? and id = ? and seen_version < ?`, version, ws, r.Recipient, version)
		return err
	})
}

// seenByReply records that a reader knows a thread as it is since their reply, unless something stood
// before the reply that they had not seen: that stays new to them.
func (tx *tx) seenByReply(ws model.WorkspaceID, r model.Reader, reply model.MessageID) error {
	_, err := tx.exec(`
		update recipients
		set seen_version = (select public_version from tickets where workspace_id = ?1 and id = ?2)
		where workspace_id = ?1 and id = ?3
			and seen_version >= (select public_version - 1 from messages where workspace_id = ?1 and id = ?4)`,
		ws, r.Ticket, r.Recipient, reply)
	return err
}

// publicState scans a category as what a customer sees of it.
type publicState struct{ state *model.PublicState }

func (s publicState) Scan(v any) error {
	category, ok := v.(string)
	if !ok {
		return fmt.Errorf("a category is stored as %T", v)
	}
	*s.state = model.Category(category).Public()
	return nil
}
