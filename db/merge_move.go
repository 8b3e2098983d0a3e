package db

import (
	"fmt"

	"deskbell/db/model"
)

// merger moves what belongs to one ticket into another.
type merger struct {
	tx         *tx
	ws         model.WorkspaceID
	by         model.Member
	from, into model.Ticket
	becomes    model.Category // of into; empty: what it is
	message    int64          // what the description became
}

// messages writes the duplicate's description and its entries behind those of the other ticket. They get new
// ids, because the order of ids is that of a conversation; what points to them follows.
func (m *merger) messages() error {
	// Why the greater one: pages are known by link and version, and links come along.
	version, err := value[int64](m.tx, `
		update tickets
		set public_version = 1 + max(public_version, (select public_version from tickets where id = ?)),
			last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?
		returning public_version`, m.from.ID, millis(m.tx.now), m.ws, m.into.ID)
	if err != nil {
		return err
	}
	if m.message, err = m.tx.insert(`
		insert into messages (workspace_id, ticket_id, kind, public_version, form_key, customer_id, author_name, body, body_html, created_at)
		select workspace_id, ?, 'message', ?, ?, reporter_id, reporter_name, description, description_html, created_at
		from tickets
		where workspace_id = ? and id = ?`, m.into.ID, version, model.RandomID(), m.ws, m.from.ID); err != nil {
		return err
	}
	if _, err := m.tx.exec(`
		insert into messages (workspace_id, ticket_id, kind, public_version, form_key, member_id, customer_id, author_name, body, body_html, created_at)
		select workspace_id, ?, kind,
			case kind when 'message' then ? + sum(kind = 'message') over (order by ticket_id, id rows unbounded preceding) end,
			'merged ' || id, member_id, customer_id, author_name, body, body_html, created_at
		from messages
		where ticket_id = ?
		order by ticket_id, id`, m.into.ID, version, m.from.ID); err != nil {
		return err
	}
	if _, err := m.tx.exec(`
		update attachments
		set ticket_id = ?1, message_id = case when message_id is null then ?2 else
			(select n.id from messages n where n.ticket_id = ?1 and n.form_key = 'merged ' || attachments.message_id) end
		where workspace_id = ?3 and ticket_id = ?4`, m.into.ID, m.message, m.ws, m.from.ID); err != nil {
		return err
	}
	for _, follow := range []string{
		`update outbox set message_id =
			(select n.id from messages n where n.ticket_id = ?1 and n.form_key = 'merged ' || outbox.message_id)
		where workspace_id = ?2 and ticket_id = ?3 and message_id is not null`,
		`update merges set message_id =
			(select n.id from messages n where n.ticket_id = ?1 and n.form_key = 'merged ' || merges.message_id)
		where workspace_id = ?2 and into_id = ?3`,
	} {
		if _, err := m.tx.exec(follow, m.into.ID, m.ws, m.from.ID); err != nil {
			return err
		}
	}
	if _, err := m.tx.exec(`delete from messages where ticket_id = ?`, m.from.ID); err != nil {
		return err
	}
	version, err = value[int64](m.tx, `
		update tickets
		set public_version = (select max(public_version) from messages where ticket_id = ?1 and kind = 'message')
		where workspace_id = ?2 and id = ?1
		returning public_version`, m.into.ID, m.ws)
	m.tx.version(m.into.ID, version)
	return err
}

// recipients takes the duplicate's people along. Each gets a link to the other ticket, where theirs to the
// duplicate leads from now on; who has one is that recipient by both. Who wanted no more mail about either
// gets none.
func (m *merger) recipients() error {
	const twice = `
		from recipients d join recipients r on r.ticket_id = ?1 and r.customer_id = d.customer_id
		where d.workspace_id = ?2 and d.ticket_id = ?3`
	for _, statement := range []string{
		`insert into merged_links (link_id, unsubscribe_id, workspace_id, recipient_id)
		select d.link_id, d.unsubscribe_id, d.workspace_id, r.id` + twice,
		`update merged_links set recipient_id = j.stays
		from (select d.id as goes, r.id as stays` + twice + `) j
		where merged_links.workspace_id = ?2 and merged_links.recipient_id = j.goes`,
		`update outbox set recipient_id = j.stays
		from (select d.id as goes, r.id as stays` + twice + `) j
		where outbox.workspace_id = ?2 and outbox.ticket_id = ?3 and outbox.recipient_id = j.goes`,
		`update recipients set unsubscribed_at = j.since
		from (select r.id as stays, d.unsubscribed_at as since` + twice + ` and d.unsubscribed_at is not null) j
		where recipients.id = j.stays and recipients.unsubscribed_at is null`,
		`delete from recipients where id in (select d.id` + twice + `)`,
	} {
		if _, err := m.tx.exec(statement, m.into.ID, m.ws, m.from.ID); err != nil {
			return err
		}
	}
	links, err := all(m.tx, func(l *model.LinkID) []any { return []any{l} }, `
		insert into merged_links (link_id, workspace_id, recipient_id)
		select link_id, workspace_id, id
		from recipients
		where workspace_id = ? and ticket_id = ?
		returning link_id`, m.ws, m.from.ID)
	for _, link := range links {
		if _, err := m.tx.exec(`
			update recipients
			set ticket_id = ?, link_id = ?, seen_version = 0, added_by = iif(added_by = '', ?, added_by)
			where workspace_id = ? and link_id = ?`, m.into.ID, model.RandomID(), m.by.Name, m.ws, link); err != nil {
			return err
		}
	}
	return err
}

// outbox takes the mail along that waits and that went, for the answers to it.
func (m *merger) outbox() error {
	_, err := m.tx.exec(`
		update outbox set ticket_id = ? where workspace_id = ? and ticket_id = ?`, m.into.ID, m.ws, m.from.ID)
	return err
}

// drafts puts what members have typed and not sent behind what they have typed there.
func (m *merger) drafts() error {
	if _, err := m.tx.exec(`
		insert into drafts (workspace_id, ticket_id, member_id, note, body, saved_at)
		select workspace_id, ?, member_id, note, body, saved_at
		from drafts
		where ticket_id = ?
		on conflict (ticket_id, member_id) do update
		set body = substr(body || x'0a0a' || excluded.body, 1, 20000), note = max(note, excluded.note)`, m.into.ID, m.from.ID); err != nil {
		return err
	}
	_, err := m.tx.exec(`delete from drafts where ticket_id = ?`, m.from.ID)
	return err
}

func (m *merger) uploads() error {
	_, err := m.tx.exec(`
		update uploads set ticket_id = ? where workspace_id = ? and ticket_id = ?`, m.into.ID, m.ws, m.from.ID)
	return err
}

// labels adds the duplicate's labels; it keeps them too.
func (m *merger) labels() error {
	_, err := m.tx.exec(`
		insert into ticket_labels (workspace_id, ticket_id, label_id, last_activity_at, number)
		select l.workspace_id, t.id, l.label_id, t.last_activity_at, t.number
		from ticket_labels l join tickets t on t.id = ?
		where l.ticket_id = ?
		on conflict do nothing`, m.into.ID, m.from.ID)
	return err
}

// links lets the tickets that were linked to the duplicate be linked to the other one.
func (m *merger) links() error {
	if _, err := m.tx.exec(`
		insert into ticket_links (workspace_id, ticket_id, other_id, created_at)
		select workspace_id, min(other, ?1), max(other, ?1), created_at
		from (
			select workspace_id, other_id as other, created_at from ticket_links where ticket_id = ?2
			union all
			select workspace_id, ticket_id, created_at from ticket_links where other_id = ?2
		)
		where other <> ?1
		on conflict do nothing`, m.into.ID, m.from.ID); err != nil {
		return err
	}
	_, err := m.tx.exec(`
		delete from ticket_links where ticket_id = ?1 or other_id = ?1`, m.from.ID)
	return err
}

// earlier says of the tickets that were merged into the duplicate where they are now.
func (m *merger) earlier() error {
	_, err := m.tx.exec(`
		update merges set into_id = ? where workspace_id = ? and into_id = ?`, m.into.ID, m.ws, m.from.ID)
	return err
}

// properties gives the other ticket the assignee where it has none, and lets it wait as the duplicate did.
func (m *merger) properties() error {
	if m.into.Assignee == 0 && m.from.Assignee != 0 {
		if err := m.tx.assign(m.by, m.into, m.from.Assignee); model.KindOf(err) == "" && err != nil {
			return err // one who has left the team is nobody's assignee any more
		}
	}
	if m.becomes == "" {
		return nil
	}
	return m.reset(m.into, m.becomes)
}

// reset moves a ticket to the first status of a category.
func (m *merger) reset(t model.Ticket, to model.Category) error {
	status, err := firstStatus(m.tx, m.ws, t.Project.ID, to)
	if err != nil {
		return err
	}
	return m.tx.moveTo(m.ws, t, status, byMember(m.by), model.EventStatus)
}

// record closes the duplicate and says on both what happened.
func (m *merger) record() error {
	if m.from.Status.Category != model.Closed {
		if err := m.reset(m.from, model.Closed); err != nil {
			return err
		}
	}
	m.tx.version(m.from.ID, 0)
	if _, err := m.tx.insert(`
		insert into merges (ticket_id, workspace_id, into_id, message_id, merged_at)
		values (?, ?, ?, ?, ?)`, m.from.ID, m.ws, m.into.ID, m.message, millis(m.tx.now)); err != nil {
		return err
	}
	if err := m.tx.event(m.ws, m.into.ID, byMember(m.by), model.EventMerged, "", fmt.Sprint("#", m.from.Number)); err != nil {
		return err
	}
	return m.tx.event(m.ws, m.from.ID, byMember(m.by), model.EventMergedInto, "", fmt.Sprint("#", m.into.Number))
}
