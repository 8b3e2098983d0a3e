-- Privacy: a customer asks for erasure, an admin confirms, a job erases the person and keeps the shape of
-- their tickets. What the job has done moves to a nameless customer, one a workspace, whose address is empty;
-- when nothing points to the person any more, their row goes.

-- +goose Up

-- Set from the moment in which the erasure begins, and on the nameless customer.
alter table customers add column erased_at integer;

-- Who waits with a file in a form, where that is known: their files go with them.
alter table uploads add column customer_id integer;
create index uploads_customer on uploads (workspace_id, customer_id) where customer_id is not null;

-- An erasure that was asked for, or has begun; the row goes with the customer. The address is kept for as
-- long as the work lasts: to find where it stands, and for the mail that says that it is done.
create table erasures (
  id           integer primary key,
  workspace_id integer not null,
  customer_id  integer not null,
  asked_at     integer, -- by the customer; null: an admin began it unasked
  begun_at     integer,
  email        text    not null default '',
  tell         integer not null default 0 check (tell in (0, 1)), -- whether a mail says that it is done
  unique (workspace_id, customer_id),
  check (asked_at is not null or begun_at is not null),
  check ((begun_at is null) = (email = '')),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
) strict;
create index erasures_asked on erasures (workspace_id, asked_at, id);
create index erasures_begun on erasures (begun_at, id) where begun_at is not null;

-- What an admin did to a workspace as a whole. It names no customer.
create table audit (
  id           integer primary key,
  workspace_id integer not null,
  what         text    not null check (what in ('customer erased')),
  member_id    integer not null,
  actor_name   text    not null,
  at           integer not null,
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict;
create index audit_workspace on audit (workspace_id, id);

-- Events stay as they are, but for the name, the address and the file's name of a person who is being erased.
drop trigger events_never_change;
-- +goose StatementBegin
create trigger events_never_change before update on events
when (new.id, new.workspace_id, new.ticket_id, new.what, new.actor_kind, new.member_id, new.at)
    is not (old.id, old.workspace_id, old.ticket_id, old.what, old.actor_kind, old.member_id, old.at)
  or not exists (select 1 from erasures e where e.workspace_id = old.workspace_id and e.begun_at is not null)
begin
  select raise(abort, 'events are never changed');
end;
-- +goose StatementEnd
-- The few events in which an address stands.
create index events_from_address on events (workspace_id, from_value) where instr(from_value, '@') > 0;
create index events_to_address on events (workspace_id, to_value) where instr(to_value, '@') > 0;

-- The mail that says so belongs to nobody any more: to no ticket, no customer, no login. Why not a new table
-- as usual: of the outbox nothing but the list in one check changes, and SQLite has no other way to change it
-- that leaves the rows where they are (https://www.sqlite.org/lang_altertable.html#otheralter).
insert into mail_kinds (kind) values ('erased');
pragma writable_schema = on;
update sqlite_schema
set sql = replace(sql, '(kind in (''login'', ''links'')) = (ticket_id is null)', '(kind in (''login'', ''links'', ''erased'')) = (ticket_id is null)')
where type = 'table' and name = 'outbox';
pragma writable_schema = reset;
create index outbox_erased on outbox (created_at) where kind = 'erased' and finished_at is null;
