-- The audit log has a line for whatever changes the settings, with what stood there before and after.

-- +goose Up

alter table audit rename to former_audit;
drop index audit_workspace;

create table audit (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  subject      text    not null check (length(subject) between 1 and 40), -- what kind of thing it is about
  what         text    not null check (length(what) between 1 and 100),
  about        text    not null default '', -- the thing's name; never a customer's
  -- Whom it is about. Why no foreign key: the line stays when the person is erased, and names nobody then.
  customer_id  integer,
  changes      text    not null default '[]' check (json_valid(changes)), -- model.Change, a list
  member_id    integer, -- who did it; null: somebody on the server itself
  actor_name   text    not null,
  at           integer not null,
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict;

insert into audit (id, workspace_id, subject, what, member_id, actor_name, at)
select id, workspace_id, 'erasure', what, member_id, actor_name, at
from former_audit;
drop table former_audit;

create index audit_at on audit (workspace_id, at);
create index audit_subject on audit (workspace_id, subject, at);
create index audit_member on audit (workspace_id, member_id, at);

-- +goose StatementBegin
create trigger audit_never_changes before update on audit
begin
  select raise(abort, 'the audit log is never changed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_never_shrinks before delete on audit
begin
  select raise(abort, 'the audit log is never shortened');
end;
-- +goose StatementEnd
-- What replaces a row deletes it without a trigger.
-- +goose StatementBegin
create trigger audit_never_replaced before insert on audit
when exists (select 1 from audit where id = new.id)
begin
  select raise(abort, 'the audit log is never changed');
end;
-- +goose StatementEnd
