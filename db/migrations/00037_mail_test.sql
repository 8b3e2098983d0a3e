-- The last test message of each workspace: an admin asks for it, a job sends it at once, and the settings show what
-- the servers said to each other.

-- +goose Up

create table mail_tests (
  workspace_id integer primary key references workspaces (id),
  id           text    not null unique, -- of this try: a late answer to an earlier one is nobody's
  to_address   text    not null check (length(to_address) between 3 and 254),
  state        text    not null check (state in ('waiting', 'sending', 'sent', 'failed')),
  asked_at     integer not null,
  finished_at  integer,
  problem      text    not null default '' check (length(problem) <= 1000),
  dialogue     text    not null default '' check (length(dialogue) <= 20000),
  check ((finished_at is null) = (state in ('waiting', 'sending'))),
  check ((problem <> '') = (state = 'failed'))
) strict;
create index mail_tests_waiting on mail_tests (asked_at) where state = 'waiting';
