-- Recipients whom members add, mail that keeps its order, and tickets that close by themselves.

-- +goose Up

-- The member who added a recipient, by the name of that day; empty for the reporter.
alter table recipients add column added_by text not null default '';

-- Days after which a ticket that waits on its reporter is closed; 0: never.
alter table workspaces add column auto_close_after integer not null default 0 check (auto_close_after between 0 and 3650);

insert into event_kinds (what) values ('recipient added'), ('recipient removed'), ('auto-closed');
insert into mail_kinds (kind) values ('added'), ('auto-closed');

-- A mail waits for the earlier ones to the same address about the same ticket.
create index outbox_unfinished on outbox (ticket_id, to_address, id) where state in ('waiting', 'sending');
