-- Members come by a link, set their password by one, and leave without taking their name out of the
-- timelines.

-- +goose Up

-- Who left signs in no more. The row stays, because messages and events name it.
alter table members add column left_at integer;

-- A link by which somebody joins the team or sets a new password. Using it removes it. The id opens
-- nothing without the secret key (P3).
create table member_links (
  id           text    primary key,
  workspace_id integer not null references workspaces (id),
  member_id    integer unique, -- whose password it sets; null for somebody new
  email        text    not null unique,
  name         text    not null check (length(name) between 1 and 100),
  role         text    not null check (role in ('admin', 'agent')),
  made_by      text    not null, -- name of the admin; empty: made on the server itself
  created_at   integer not null,
  expires_at   integer not null,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
) strict, without rowid;
create index outbox_member on outbox (member_id) where member_id is not null;
create index member_links_workspace on member_links (workspace_id, created_at);
