-- Saved views: a filter of the inbox under a name, a member's own or the team's (M2).

-- +goose Up

create table saved_views (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  member_id    integer not null,
  name         text    not null check (length(name) between 1 and 60),
  name_key     text    not null, -- folded: two views of a member differ in more than case
  query        text    not null check (length(query) <= 4000),
  shared       integer not null check (shared in (0, 1)),
  created_at   integer not null,
  unique (workspace_id, id),
  unique (workspace_id, member_id, name_key),
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict;
create index saved_views_shared on saved_views (workspace_id, name_key) where shared;
