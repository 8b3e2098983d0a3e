-- The desk's ticket page: replies that are written once and used often, what a member has typed and not
-- sent, who is at a ticket just now, and tickets that belong together.

-- +goose Up

create table saved_replies (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  name         text    not null collate nocase check (length(name) between 1 and 100),
  body         text    not null check (length(body) between 1 and 20000),
  created_at   integer not null,
  updated_at   integer not null,
  unique (workspace_id, id),
  unique (workspace_id, name)
) strict;

-- One a member and ticket: a page has one composer, which is a reply's or a note's.
create table drafts (
  workspace_id integer not null,
  ticket_id    integer not null,
  member_id    integer not null,
  note         integer not null check (note in (0, 1)),
  body         text    not null check (length(body) between 1 and 20000),
  saved_at     integer not null,
  primary key (ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
) strict, without rowid;
create index drafts_member on drafts (workspace_id, member_id);

-- Who had a ticket's page open last, and when they last typed an answer. A row that is some minutes old says
-- nothing any more, and goes with the next one that is written.
create table presence (
  workspace_id integer not null,
  ticket_id    integer not null,
  member_id    integer not null,
  seen_at      integer not null,
  typed_at     integer,
  primary key (ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
) strict, without rowid;
create index presence_member on presence (workspace_id, member_id);
create index presence_seen on presence (seen_at);

-- Two tickets that belong together, once for each pair: the lower id comes first.
create table ticket_links (
  workspace_id integer not null,
  ticket_id    integer not null,
  other_id     integer not null,
  created_at   integer not null,
  primary key (ticket_id, other_id),
  check (ticket_id < other_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_id) references tickets (workspace_id, id) on delete cascade
) strict, without rowid;
create index ticket_links_other on ticket_links (other_id, ticket_id);

insert into event_kinds (what) values ('linked'), ('unlinked');
