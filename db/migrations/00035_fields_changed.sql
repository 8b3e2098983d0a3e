-- The team changes what a ticket was opened with: its type, and the answers to its fields. Each change is an event;
-- one of a field says which, and the answers go with the person who gave them.

-- +goose Up

alter table events add column about text not null default '' check (length(about) <= 120);

drop trigger events_never_change;
-- +goose StatementBegin
create trigger events_never_change before update on events
when (new.id, new.workspace_id, new.ticket_id, new.what, new.actor_kind, new.member_id, new.about, new.at)
    is not (old.id, old.workspace_id, old.ticket_id, old.what, old.actor_kind, old.member_id, old.about, old.at)
  or not exists (select 1 from erasures e where e.workspace_id = old.workspace_id and e.begun_at is not null)
begin
  select raise(abort, 'events are never changed');
end;
-- +goose StatementEnd

insert into event_kinds (what) values ('type'), ('field');
