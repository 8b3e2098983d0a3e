-- Sign-in with Discord and Slack (E1 to E5): the apps that workspaces register, sign-ins on their way,
-- who somebody is for a quarter of an hour, and which customer they are each time.

-- +goose Up

-- The app of a workspace's own; without one that of the installation counts. The secret is sealed under
-- the installation's key.
alter table workspaces add column sign_in_client_id text not null default '' check (length(sign_in_client_id) <= 200);
alter table workspaces add column sign_in_secret text not null default '' check ((sign_in_secret = '') = (sign_in_client_id = ''));

-- A sign-in that somebody began: state is the hash of what the provider brings back, browser that of a
-- cookie on the page's host, starter that of one on the base host. One of an admin who tries the
-- settings has no project.
create table sign_ins (
  state        text    primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  provider     text    not null check (provider in ('discord', 'slack')),
  host         text    not null,
  project_id   integer,
  browser      text    not null,
  starter      text    not null,
  created_at   integer not null,
  expires_at   integer not null,
  used_at      integer,
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
) strict, without rowid;
create index sign_ins_expiry on sign_ins (expires_at);
create index sign_ins_workspace on sign_ins (workspace_id, project_id);

-- Who somebody is, by a provider's word. First it waits for the page's host to trade its code, then it
-- belongs to a cookie there. Code, browser and cookie are hashes.
create table identities (
  id           integer primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  provider     text    not null check (provider in ('discord', 'slack')),
  subject      text    not null check (length(subject) between 1 and 100),
  name         text    not null check (length(name) between 1 and 100),
  email        text    not null, -- that the provider has verified; empty: none
  avatar       blob    check (length(avatar) between 1 and 262144),
  host         text    not null,
  browser      text    not null,
  code         text    unique,
  cookie       text    unique,
  expires_at   integer not null,
  check ((code is null) <> (cookie is null))
) strict;
create index identities_expiry on identities (expires_at);
create index identities_workspace on identities (workspace_id);

-- The same person is the same customer next time.
create table customer_identities (
  workspace_id integer not null,
  provider     text    not null check (provider in ('discord', 'slack')),
  subject      text    not null,
  customer_id  integer not null,
  primary key (workspace_id, provider, subject),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
) strict, without rowid;
create index customer_identities_customer on customer_identities (workspace_id, customer_id);

-- The provider by which a ticket's reporter signed in; empty: by email, a session or a link.
alter table tickets add column signed_in_by text not null default '' check (signed_in_by in ('', 'discord', 'slack'));
