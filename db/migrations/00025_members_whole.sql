-- Members choose what they hear of.

-- +goose Up

alter table members add column assigned_mail integer not null default 1 check (assigned_mail in (0, 1));
alter table members add column reopened_mail integer not null default 1 check (reopened_mail in (0, 1));
-- Whose tickets' replies are mailed: each one contains those before it.
alter table members add column reply_mail text not null default 'mine' check (reply_mail in ('none', 'mine', 'unassigned', 'any'));

-- A project of which a member hears only what concerns tickets that are theirs.
create table quiet_projects (
  workspace_id integer not null,
  member_id    integer not null,
  project_id   integer not null,
  primary key (workspace_id, member_id, project_id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade,
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
) strict, without rowid;
create index quiet_projects_project on quiet_projects (workspace_id, project_id);

insert into mail_kinds (kind) values ('assigned'), ('reply');
