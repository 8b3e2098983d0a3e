-- New links: a recipient replaces their link, or asks for their links by mail (I8).

-- +goose Up

-- An unsubscribe link keeps working when the thread link is replaced: it gets an id of its own.
alter table recipients add column unsubscribe_id text not null default '';
update recipients set unsubscribe_id = link_id;
create unique index recipients_unsubscribe on recipients (unsubscribe_id);

-- Addresses that asked for their links. Nobody has been looked up yet: a job does, and removes the row.
create table link_requests (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  email        text    not null,
  created_at   integer not null
) strict;

insert into event_kinds (what) values ('link replaced');

-- What a mail can tell of becomes a list, so that a new kind is a row and not a new table.
create table mail_kinds (
  kind text primary key
) strict, without rowid;
insert into mail_kinds (kind) values
  ('first'), ('created'), ('message'), ('closed'), ('new ticket'), ('reopened'), ('login'), ('new link'), ('links');

-- A mail goes to a recipient or a member about a ticket, or to a customer or a login about none.
create table outbox_new (
  id            integer primary key,
  workspace_id  integer not null references workspaces (id),
  kind          text    not null references mail_kinds (kind),
  ticket_id     integer,
  message_id    integer,
  recipient_id  integer,
  member_id     integer,
  customer_id   integer,
  login_id      text    unique references logins (id) on delete cascade,
  to_address    text    not null,
  message_ref   text    not null,
  state         text    not null check (state in ('waiting', 'sending', 'sent', 'failed', 'held')),
  attempts      integer not null default 0,
  next_try_at   integer not null,
  last_error    text    not null default '',
  created_at    integer not null,
  finished_at   integer,
  unique (workspace_id, id),
  check ((kind = 'login') = (login_id is not null)),
  check ((kind = 'links') = (customer_id is not null)),
  check ((kind in ('login', 'links')) = (ticket_id is null)),
  check ((ticket_id is null) = (recipient_id is null and member_id is null)),
  check (recipient_id is null or member_id is null),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade,
  foreign key (workspace_id, recipient_id) references recipients (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
) strict;
insert into outbox_new (id, workspace_id, kind, ticket_id, message_id, recipient_id, member_id, login_id,
  to_address, message_ref, state, attempts, next_try_at, last_error, created_at, finished_at)
select id, workspace_id, kind, ticket_id, message_id, recipient_id, member_id, login_id,
  to_address, message_ref, state, attempts, next_try_at, last_error, created_at, finished_at from outbox;
drop table outbox;
alter table outbox_new rename to outbox;
create index outbox_due on outbox (next_try_at, id) where state = 'waiting';
create index outbox_sending on outbox (id) where state = 'sending';
create index outbox_finished on outbox (finished_at) where finished_at is not null;
create index outbox_message on outbox (message_id) where message_id is not null;
create index outbox_recipient on outbox (recipient_id) where recipient_id is not null;
create index outbox_customer on outbox (workspace_id, customer_id) where customer_id is not null;
create index outbox_ticket on outbox (ticket_id, id) where ticket_id is not null;
create index outbox_first on outbox (to_address, created_at) where kind = 'first' and state <> 'held';
create index outbox_first_workspace on outbox (workspace_id, created_at) where kind = 'first' and state <> 'held';
