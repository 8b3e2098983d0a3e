-- The round trip: workspaces, their projects and members, tickets with their conversation, recipients
-- and timeline, the mail that tells of it, and the sessions and counters around it.
--
-- Times are integers: milliseconds since 1970, UTC. Composite foreign keys carry workspace_id, so that
-- a row cannot point into another workspace.

-- +goose Up

create table workspaces (
  id                     integer primary key,
  name                   text    not null check (length(name) between 1 and 80),
  kind                   text    not null check (kind in ('standard', 'discord', 'slack')),
  slack_team             text    not null default '',
  color                  text    not null default '#1d5fa8' check (color glob '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  version                integer not null default 1,
  anonymous_creation     integer not null default 1 check (anonymous_creation in (0, 1)),
  customer_login         integer not null default 1 check (customer_login in (0, 1)),
  public_replies         integer not null default 1 check (public_replies in (0, 1)),
  first_mails_per_hour   integer not null default 300 check (first_mails_per_hour between 0 and 100000),
  unconfirmed_drop_after integer not null default 0 check (unconfirmed_drop_after between 0 and 3650),
  created_at             integer not null,
  check ((kind = 'slack') = (slack_team <> ''))
) strict;

create table logos (
  workspace_id integer primary key references workspaces (id),
  hash         text    not null,
  media_type   text    not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  bytes        blob    not null check (length(bytes) between 1 and 262144)
) strict;

create table page_domains (
  host         text    primary key check (host = lower(host) and length(host) between 1 and 253),
  workspace_id integer not null references workspaces (id),
  is_primary   integer not null default 0 check (is_primary in (0, 1))
) strict;
create unique index page_domains_one_primary on page_domains (workspace_id) where is_primary = 1;
create index page_domains_workspace on page_domains (workspace_id);

create table projects (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  public_id    text    not null check (length(public_id) between 1 and 64),
  name         text    not null check (length(name) between 1 and 80),
  intro        text    not null default '' check (length(intro) <= 500),
  intake       text    not null default 'open' check (intake in ('open', 'closed', 'hidden')),
  default_type text    not null,
  unique (workspace_id, id),
  unique (workspace_id, public_id),
  foreign key (workspace_id, id, default_type) references ticket_types (workspace_id, project_id, key)
    deferrable initially deferred
) strict;

create table ticket_types (
  workspace_id integer not null,
  project_id   integer not null,
  key          text    not null check (length(key) between 1 and 40),
  name         text    not null check (length(name) between 1 and 80),
  position     integer not null,
  primary key (workspace_id, project_id, key),
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
) strict, without rowid;

create table statuses (
  id           integer primary key,
  workspace_id integer not null,
  project_id   integer not null,
  name         text    not null check (length(name) between 1 and 80),
  category     text    not null check (category in ('open', 'waiting', 'closed')),
  position     integer not null,
  unique (workspace_id, project_id, id, category),
  unique (workspace_id, project_id, name),
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
) strict;

-- An address signs in on the base host, which knows no workspace yet: it is unique over all of them.
create table members (
  id              integer primary key,
  workspace_id    integer not null references workspaces (id),
  email           text    not null unique check (email = lower(email)),
  name            text    not null check (length(name) between 1 and 100),
  role            text    not null check (role in ('admin', 'agent')),
  password_hash   text    not null,
  new_ticket_mail integer not null default 1 check (new_ticket_mail in (0, 1)),
  created_at      integer not null,
  unique (workspace_id, id)
) strict;

create table customers (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  email        text    not null check (email = lower(email)),
  name         text    not null default '' check (length(name) <= 100),
  confirmed_at integer,
  created_at   integer not null,
  unique (workspace_id, id),
  unique (workspace_id, email)
) strict;

create index customers_unconfirmed on customers (workspace_id, created_at) where confirmed_at is null;

-- The last ticket number given in a workspace.
create table ticket_numbers (
  workspace_id integer primary key references workspaces (id),
  last         integer not null default 0
) strict;

create table tickets (
  id               integer primary key,
  workspace_id     integer not null,
  project_id       integer not null,
  number           integer not null,
  ref              text    not null unique,
  form_key         text    not null,
  submission       text    not null, -- a hash of all that was sent: another one is no repetition
  host             text    not null,
  type             text    not null,
  status_id        integer not null,
  category         text    not null,
  assignee_id      integer,
  reporter_id      integer not null,
  reporter_name    text    not null check (length(reporter_name) <= 100),
  title            text    not null check (length(title) between 1 and 200),
  description      text    not null check (length(description) between 1 and 20000),
  description_html text    not null,
  public_version   integer not null default 1,
  created_at       integer not null,
  last_activity_at integer not null,
  closed_at        integer,
  unique (workspace_id, id),
  unique (workspace_id, number),
  unique (workspace_id, form_key),
  check ((category = 'closed') = (closed_at is not null)),
  foreign key (workspace_id, project_id, type) references ticket_types (workspace_id, project_id, key) on update cascade,
  foreign key (workspace_id, project_id, status_id, category) references statuses (workspace_id, project_id, id, category) on update cascade,
  foreign key (workspace_id, assignee_id) references members (workspace_id, id),
  foreign key (workspace_id, reporter_id) references customers (workspace_id, id)
) strict;
create index tickets_activity on tickets (workspace_id, last_activity_at, number);
create index tickets_category_activity on tickets (workspace_id, category, last_activity_at, number);
create index tickets_assignee_activity on tickets (workspace_id, assignee_id, last_activity_at, number) where assignee_id is not null;
create index tickets_reporter_activity on tickets (workspace_id, reporter_id, last_activity_at, number);
create index tickets_status on tickets (status_id);

-- Kept counts: the inbox shows them on every page, and counting a growing table takes seconds.
create table ticket_counts (
  workspace_id integer not null references workspaces (id),
  category     text    not null check (category in ('open', 'waiting', 'closed')),
  tickets      integer not null default 0 check (tickets >= 0),
  primary key (workspace_id, category)
) strict, without rowid;

-- +goose StatementBegin
create trigger tickets_count_insert after insert on tickets begin
  insert into ticket_counts (workspace_id, category, tickets) values (new.workspace_id, new.category, 1)
  on conflict do update set tickets = tickets + 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger tickets_count_update after update of category on tickets when new.category <> old.category begin
  update ticket_counts set tickets = tickets - 1 where workspace_id = old.workspace_id and category = old.category;
  insert into ticket_counts (workspace_id, category, tickets) values (new.workspace_id, new.category, 1)
  on conflict do update set tickets = tickets + 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger tickets_count_delete after delete on tickets begin
  update ticket_counts set tickets = tickets - 1 where workspace_id = old.workspace_id and category = old.category;
end;
-- +goose StatementEnd

create table recipients (
  id              integer primary key,
  workspace_id    integer not null,
  ticket_id       integer not null,
  customer_id     integer not null,
  link_id         text    not null unique,
  mail_root       text    not null,
  unsubscribed_at integer,
  created_at      integer not null,
  unique (workspace_id, id),
  unique (ticket_id, customer_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
) strict;

create index recipients_customer on recipients (customer_id);

-- A message is public and has a public_version; a note is internal and has none.
create table messages (
  id             integer primary key,
  workspace_id   integer not null,
  ticket_id      integer not null,
  kind           text    not null check (kind in ('message', 'note')),
  public_version integer,
  form_key       text    not null,
  member_id      integer,
  customer_id    integer,
  author_name    text    not null,
  body           text    not null check (length(body) between 1 and 20000),
  body_html      text    not null,
  created_at     integer not null,
  unique (workspace_id, id),
  unique (ticket_id, form_key),
  check ((kind = 'message') = (public_version is not null)),
  check ((member_id is null) <> (customer_id is null)),
  check (kind = 'message' or member_id is not null),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
) strict;
create index messages_ticket on messages (ticket_id, id);
create index messages_customer on messages (workspace_id, customer_id) where customer_id is not null;
create index messages_public on messages (ticket_id, public_version) where kind = 'message';

create table events (
  id           integer primary key,
  workspace_id integer not null,
  ticket_id    integer not null,
  what         text    not null check (what in (
                 'created', 'message', 'note', 'status', 'assignee', 'reopened',
                 'confirmed', 'unsubscribed', 'subscribed', 'mail held', 'mail failed')),
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
create index events_ticket on events (ticket_id, id);
create index events_customer on events (workspace_id, customer_id) where customer_id is not null;

-- +goose StatementBegin
create trigger events_never_change before update on events begin
  select raise(abort, 'events are never changed');
end;
-- +goose StatementEnd

-- The outbox names what a mail tells of; its text is made when it is sent or looked at, because a
-- link's token must not stand in the database.
create table outbox (
  id            integer primary key,
  workspace_id  integer not null references workspaces (id),
  kind          text    not null check (kind in ('first', 'created', 'message', 'closed', 'new ticket', 'reopened', 'login')),
  ticket_id     integer,
  message_id    integer,
  recipient_id  integer,
  member_id     integer,
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
  check ((kind = 'login') = (ticket_id is null)),
  check (kind = 'login' or (recipient_id is null) <> (member_id is null)),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade,
  foreign key (workspace_id, recipient_id) references recipients (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict;
create index outbox_due on outbox (next_try_at, id) where state = 'waiting';
create index outbox_sending on outbox (id) where state = 'sending';
create index outbox_finished on outbox (finished_at) where finished_at is not null;
create index outbox_message on outbox (message_id) where message_id is not null;
create index outbox_recipient on outbox (recipient_id) where recipient_id is not null;
create index outbox_ticket on outbox (ticket_id, id) where ticket_id is not null;
create index outbox_first on outbox (to_address, created_at) where kind = 'first' and state <> 'held';
create index outbox_first_workspace on outbox (workspace_id, created_at) where kind = 'first' and state <> 'held';

-- A login that somebody asked for. The row is written before anybody is looked up; a job finds the
-- customer. The id is half of the mailed token; browser is the hash of the asking browser's cookie.
create table logins (
  id           text    primary key,
  workspace_id integer not null references workspaces (id),
  host         text    not null,
  email        text    not null,
  browser      text    not null,
  customer_id  integer,
  handled_at   integer,
  used_at      integer,
  tries        integer not null default 0,
  created_at   integer not null,
  expires_at   integer not null,
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
) strict;
create index logins_customer on logins (workspace_id, customer_id) where customer_id is not null;
create index logins_unhandled on logins (created_at) where handled_at is null;
create index logins_email on logins (workspace_id, email);
create index logins_browser on logins (browser, created_at);
create index logins_expiry on logins (expires_at);

create table sessions (
  hash         text    primary key,
  workspace_id integer not null references workspaces (id),
  member_id    integer,
  customer_id  integer,
  flash        text    not null default '',
  created_at   integer not null,
  last_seen_at integer not null,
  expires_at   integer not null,
  check ((member_id is null) <> (customer_id is null)),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade,
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
) strict, without rowid;
create index sessions_member on sessions (member_id) where member_id is not null;
create index sessions_customer on sessions (customer_id) where customer_id is not null;
create index sessions_expiry on sessions (expires_at);

-- Limits: how often something happened in the step of a window that began at window_at; it counts
-- until ends_at.
create table counters (
  scope     text    not null,
  key       text    not null,
  window_at integer not null,
  ends_at   integer not null,
  count     integer not null,
  primary key (scope, key, window_at)
) strict, without rowid;
create index counters_ends on counters (ends_at);

-- One row that a health check writes, to know that writing works.
create table health (
  id         integer primary key check (id = 1),
  checked_at integer not null
) strict;

