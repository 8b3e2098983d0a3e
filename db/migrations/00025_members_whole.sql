-- Members choose what they hear of, and get invitations and new passwords by mail.

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

-- A wish for a new password, written before anybody is looked up. It belongs to no workspace yet; the job
-- that finds the member removes it.
create table password_requests (
  id         integer primary key,
  email      text    not null,
  created_at integer not null
) strict;

-- Whoever forgot the password asked for the link: it goes to their mailbox alone, and no admin sees it.
alter table member_links add column asked integer not null default 0 check (asked in (0, 1));

-- The link that a mail takes to its address. A mail whose link has ended must not go.
alter table outbox add column member_link text references member_links (id) on delete set null;
create index outbox_member_link on outbox (member_link) where member_link is not null;

-- Mail about somebody's account belongs to no ticket. Why not a new table: of the outbox nothing but the
-- list in one check changes, and SQLite has no other way to change it that leaves the rows where they are
-- (https://www.sqlite.org/lang_altertable.html#otheralter).
insert into mail_kinds (kind) values ('invitation'), ('password'), ('password changed');
pragma writable_schema = on;
update sqlite_schema
set sql = replace(sql, ')) = (ticket_id is null)', ', ''invitation'', ''password'', ''password changed'')) = (ticket_id is null)')
where type = 'table' and name = 'outbox';
pragma writable_schema = reset;

-- One-time codes (RFC 6238) as a second step of the sign-in. The secret is sealed under the secret key, so
-- that a copy of the database makes no code; it counts once a code has confirmed it.
alter table members add column code_secret text not null default '';
alter table members add column codes_since integer;
alter table members add column code_step integer not null default 0; -- of the last code used: each works once
alter table workspaces add column require_codes integer not null default 0 check (require_codes in (0, 1));

-- For who has lost the device. The hash is a MAC under the secret key.
create table recovery_codes (
  workspace_id integer not null,
  member_id    integer not null,
  hash         text    not null,
  primary key (workspace_id, member_id, hash),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
) strict, without rowid;

-- Somebody who has typed the password and not yet the code. It is no session.
create table second_steps (
  hash         text    primary key,
  workspace_id integer not null,
  member_id    integer not null,
  next         text    not null, -- where to go afterwards
  tries        integer not null default 0,
  expires_at   integer not null,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
) strict, without rowid;
create index second_steps_member on second_steps (workspace_id, member_id);
create index second_steps_expiry on second_steps (expires_at);

-- When the recipients of a waiting ticket were told that it closes soon. What happens afterwards in the
-- ticket makes the notice void.
alter table tickets add column closing_notice_at integer;
insert into mail_kinds (kind) values ('closing soon');
