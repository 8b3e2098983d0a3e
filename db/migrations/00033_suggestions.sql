-- What suggestions spare, counted per day. A visit is a form that had suggestions: a hash of a random word of
-- that form, which nothing else of the database has, for a day at the most; then it is a number.

-- +goose Up

create table suggestion_visits (
  workspace_id integer not null,
  visit        text    not null,
  project_id   integer not null,
  shown_at     integer not null,
  opened       integer not null default 0 check (opened in (0, 1)),
  primary key (workspace_id, visit),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
) strict, without rowid;
create index suggestion_visits_shown on suggestion_visits (shown_at);

-- On the day on which they were shown: forms with suggestions, those of which one was opened, and those of the
-- latter that made no ticket within a day.
create table daily_suggestions (
  workspace_id integer not null,
  day          integer not null,
  project_id   integer not null,
  shown        integer not null default 0 check (shown >= opened),
  opened       integer not null default 0 check (opened >= spared),
  spared       integer not null default 0 check (spared >= 0),
  primary key (workspace_id, day, project_id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
) strict, without rowid;
