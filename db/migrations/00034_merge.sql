-- Duplicates that were merged into another ticket. What was written in one stands in the other afterwards; the
-- duplicate itself stays, closed, with its number, its answers and its timeline.

-- +goose Up

create table merges (
  ticket_id    integer primary key, -- the duplicate
  workspace_id integer not null,
  into_id      integer not null,
  message_id   integer not null unique, -- what its description became
  merged_at    integer not null,
  check (ticket_id <> into_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, into_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
) strict;
create index merges_into on merges (workspace_id, into_id);

-- The links that people had to a duplicate: each leads to the other ticket now. The unsubscribe link of somebody
-- who was no recipient of that one goes with them, and is null here.
create table merged_links (
  link_id        text primary key,
  unsubscribe_id text unique,
  workspace_id   integer not null,
  recipient_id   integer not null,
  foreign key (workspace_id, recipient_id) references recipients (workspace_id, id) on delete cascade
) strict, without rowid;
create index merged_links_recipient on merged_links (workspace_id, recipient_id);

-- +goose StatementBegin
create trigger merged_tickets_stay_closed before update of category on tickets
when new.category <> 'closed' and exists (select 1 from merges where ticket_id = old.id) begin
  select raise(abort, 'a merged ticket stays closed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger merged_tickets_take_no_message before insert on messages
when exists (select 1 from merges where ticket_id = new.ticket_id) begin
  select raise(abort, 'a merged ticket takes no message');
end;
-- +goose StatementEnd

insert into event_kinds (what) values ('merged'), ('merged into');
