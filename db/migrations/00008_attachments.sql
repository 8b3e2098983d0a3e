-- Files: uploads that wait for their form, attachments of tickets, and what is kept about both.

-- +goose Up

alter table workspaces add column max_file_mb integer not null default 10 check (max_file_mb between 1 and 100);
alter table workspaces add column max_ticket_mb integer not null default 100 check (max_ticket_mb between 1 and 100000);
-- 0: no bound.
alter table workspaces add column storage_mb integer not null default 10000 check (storage_mb between 0 and 100000000);
alter table workspaces add column allowed_types text not null default 'all' check (allowed_types in ('all', 'images', 'images_pdf', 'custom'));
alter table workspaces add column custom_types text not null default '' check (length(custom_types) <= 4000);
alter table workspaces add column retention_value integer not null default 12 check (retention_value between 1 and 3650);
alter table workspaces add column retention_unit text not null default 'off' check (retention_unit in ('off', 'days', 'months'));

-- A file that was received for a form which nobody has sent yet. Its bytes lie under the name in
-- file before the row is written.
create table uploads (
  id           integer primary key,
  ref          text    not null unique,
  workspace_id integer not null,
  project_id   integer not null,
  ticket_id    integer, -- null: for a creation form
  form_key     text    not null,
  field_key    text    not null, -- of the custom field that asked for it; empty: none
  file         text    not null unique,
  name         text    not null check (length(name) between 1 and 200),
  media_type   text    not null,
  extension    text    not null,
  bytes        integer not null check (bytes > 0),
  sha256       text    not null check (length(sha256) = 64),
  width        integer not null check (width >= 0), -- of the preview; 0: there is none
  height       integer not null check ((height = 0) = (width = 0)),
  created_at   integer not null,
  expires_at   integer not null,
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
) strict;
create index uploads_form on uploads (workspace_id, form_key, id);
create index uploads_ticket on uploads (workspace_id, ticket_id) where ticket_id is not null;
create index uploads_project on uploads (workspace_id, project_id);
create index uploads_expiry on uploads (expires_at);

-- A file of a ticket: of its description, or of one entry. A removed one keeps its name and when it
-- went, and has no bytes any more.
create table attachments (
  id           integer primary key,
  ref          text    not null unique,
  workspace_id integer not null,
  project_id   integer not null,
  ticket_id    integer not null,
  message_id   integer, -- null: of the description
  field_key    text    not null,
  file         text    unique,
  name         text    not null check (length(name) between 1 and 200),
  media_type   text    not null,
  extension    text    not null,
  bytes        integer not null check (bytes > 0),
  sha256       text    not null check (length(sha256) = 64),
  width        integer not null check (width >= 0),
  height       integer not null check ((height = 0) = (width = 0)),
  created_at   integer not null,
  removed_at   integer,
  check ((file is null) = (removed_at is not null)),
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
) strict;
create index attachments_ticket on attachments (workspace_id, ticket_id, id);
create index attachments_message on attachments (workspace_id, message_id) where message_id is not null;
create index attachments_project on attachments (workspace_id, project_id);
create index attachments_stored on attachments (workspace_id, id) where file is not null;

-- Names of bytes that no row needs any more: a job removes the bytes, then the row.
create table doomed_files (
  file text primary key
) strict, without rowid;

-- Kept sums: what is stored for each project, and what waits for a form.
create table storage (
  workspace_id integer not null,
  project_id   integer not null,
  files        integer not null default 0 check (files >= 0),
  bytes        integer not null default 0 check (bytes >= 0),
  waiting      integer not null default 0 check (waiting >= 0), -- bytes
  primary key (workspace_id, project_id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
) strict, without rowid;

-- +goose StatementBegin
create trigger uploads_insert after insert on uploads begin
  insert into storage (workspace_id, project_id, waiting) values (new.workspace_id, new.project_id, new.bytes)
  on conflict do update set waiting = waiting + new.bytes;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger uploads_delete after delete on uploads begin
  update storage set waiting = waiting - old.bytes
  where workspace_id = old.workspace_id and project_id = old.project_id;
  insert into doomed_files (file)
  select old.file where not exists (select 1 from attachments where file = old.file);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attachments_insert after insert on attachments when new.file is not null begin
  insert into storage (workspace_id, project_id, files, bytes) values (new.workspace_id, new.project_id, 1, new.bytes)
  on conflict do update set files = files + 1, bytes = bytes + new.bytes;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attachments_remove after update of file on attachments when old.file is not null and new.file is null begin
  update storage set files = files - 1, bytes = bytes - old.bytes
  where workspace_id = old.workspace_id and project_id = old.project_id;
  insert into doomed_files (file) values (old.file);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attachments_delete after delete on attachments when old.file is not null begin
  update storage set files = files - 1, bytes = bytes - old.bytes
  where workspace_id = old.workspace_id and project_id = old.project_id;
  insert into doomed_files (file) values (old.file);
end;
-- +goose StatementEnd

-- The last run of each workspace's retention, and the one that somebody asked for.
create table retention_runs (
  workspace_id integer primary key references workspaces (id),
  requested_at integer,
  ran_at       integer,
  cleaned      integer not null default 0,
  bytes        integer not null default 0,
  last_error   text    not null default ''
) strict;

-- Periodic work of the whole installation, with when it last ran.
create table periodic (
  job    text primary key,
  ran_at integer not null
) strict, without rowid;

-- What an event can tell of becomes a list, so that a new kind is a row and not a new table.
create table event_kinds (
  what text primary key
) strict, without rowid;
insert into event_kinds (what) values
  ('created'), ('message'), ('note'), ('status'), ('assignee'), ('reopened'), ('confirmed'),
  ('unsubscribed'), ('subscribed'), ('mail held'), ('mail failed'), ('attachment removed'), ('retention');

create table events_new (
  id           integer primary key,
  workspace_id integer not null,
  ticket_id    integer not null,
  what         text    not null references event_kinds (what),
  actor_kind   text    not null check (actor_kind in ('member', 'customer', 'system')),
  member_id    integer,
  customer_id  integer,
  actor_name   text    not null,
  from_value   text    not null default '',
  to_value     text    not null default '',
  at           integer not null,
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
) strict;
insert into events_new (id, workspace_id, ticket_id, what, actor_kind, member_id, customer_id, actor_name, from_value, to_value, at)
select id, workspace_id, ticket_id, what, actor_kind, member_id, customer_id, actor_name, from_value, to_value, at from events;
drop table events;
alter table events_new rename to events;
create index events_ticket on events (ticket_id, id);
create index events_customer on events (workspace_id, customer_id) where customer_id is not null;
-- +goose StatementBegin
create trigger events_never_change before update on events begin
  select raise(abort, 'events are never changed');
end;
-- +goose StatementEnd
