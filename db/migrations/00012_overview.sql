-- The overview: what each recipient has seen of a thread, and the order of a customer's tickets (J3).

-- +goose Up

-- The version of the thread that its reader saw last. What stood there before this was kept counts as
-- seen: nobody is told of old answers as if they were new.
alter table recipients add column seen_version integer not null default 0;
update recipients set seen_version = (select public_version from tickets where id = ticket_id);

-- All that picks and sorts a customer's tickets, so that no row with its long texts is read for it.
create index tickets_overview on tickets (id, category, last_activity_at, ref, public_version);
