-- The numbers of a team, kept per day so that the page of them costs the same at a million tickets as at a
-- thousand. Each ticket counts once as opened, and once as closed while it is closed: what is kept is at any
-- time what a count over all rows would give (the views named counted_…), whatever is dropped or reopened.
--
-- A day is a day of UTC, as a number since 1970.

-- +goose Up

-- The first public answer of the team, and the member whose act closed the ticket. Why no foreign key: an
-- added column can have none over two columns, and daily_members has it for both.
alter table tickets add column answered_at integer;
alter table tickets add column closed_by integer check (closed_by is null or closed_at is not null);

update tickets set answered_at = (
  select min(created_at) from messages where ticket_id = tickets.id and kind = 'message' and member_id is not null
);
update tickets set closed_by = (
  select member_id from events
  where ticket_id = tickets.id and what = 'status' and at = tickets.closed_at
  order by id limit 1
)
where closed_at is not null;

-- Where a kept duration lies: from a minute on, each bucket ends a tenth above where it begins, up to five years.
create table time_buckets (
  from_ms integer primary key
) strict;
insert into time_buckets (from_ms)
with recursive bounds (at) as (
  select 60000
  union all
  select at * 11 / 10 from bounds where at < 5 * 366 * 86400000
)
select 0 union all select at from bounds;

-- Why no index for the foreign keys: these tables are small, every ticket would pay for it, and projects and
-- members stay. Why no check against less than none: a figure that went wrong is for doctor to find, and
-- no reason to refuse a reply.
create table daily_tickets (
  workspace_id integer not null,
  day          integer not null,
  project_id   integer not null,
  type         text    not null,
  opened       integer not null default 0,
  closed       integer not null default 0,
  primary key (workspace_id, day, project_id, type),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
) strict, without rowid;

create table daily_members (
  workspace_id integer not null,
  day          integer not null,
  project_id   integer not null,
  member_id    integer not null,
  answers      integer not null default 0, -- public messages
  closed       integer not null default 0,
  primary key (workspace_id, day, project_id, member_id),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict, without rowid;

-- How long tickets waited for their first answer, on the day of the answer, and how long they took, on the day
-- on which they were closed.
create table daily_times (
  workspace_id integer not null,
  day          integer not null,
  project_id   integer not null,
  measure      text    not null check (measure in ('answer', 'resolution')),
  from_ms      integer not null references time_buckets (from_ms),
  tickets      integer not null default 0,
  primary key (workspace_id, day, project_id, measure, from_ms),
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
) strict, without rowid;

create view counted_tickets as
select workspace_id, day, project_id, type, sum(opened) as opened, sum(closed) as closed
from (
  select workspace_id, created_at / 86400000 as day, project_id, type, 1 as opened, 0 as closed from tickets
  union all
  select workspace_id, closed_at / 86400000, project_id, type, 0, 1 from tickets where closed_at is not null
)
group by workspace_id, day, project_id, type;

create view counted_members as
select workspace_id, day, project_id, member_id, sum(answers) as answers, sum(closed) as closed
from (
  select t.workspace_id, m.created_at / 86400000 as day, t.project_id, m.member_id, 1 as answers, 0 as closed
  from messages m join tickets t on t.id = m.ticket_id
  where m.kind = 'message' and m.member_id is not null
  union all
  select workspace_id, closed_at / 86400000, project_id, closed_by, 0, 1 from tickets where closed_by is not null
)
group by workspace_id, day, project_id, member_id;

create view counted_times as
select workspace_id, day, project_id, measure, from_ms, count(*) as tickets
from (
  select workspace_id, answered_at / 86400000 as day, project_id, 'answer' as measure,
    (select max(from_ms) from time_buckets where from_ms <= max(0, answered_at - created_at)) as from_ms
  from tickets where answered_at is not null
  union all
  select workspace_id, closed_at / 86400000, project_id, 'resolution',
    (select max(from_ms) from time_buckets where from_ms <= max(0, closed_at - created_at))
  from tickets where closed_at is not null
)
group by workspace_id, day, project_id, measure, from_ms;

insert into daily_tickets (workspace_id, day, project_id, type, opened, closed) select * from counted_tickets;
insert into daily_members (workspace_id, day, project_id, member_id, answers, closed) select * from counted_members;
insert into daily_times (workspace_id, day, project_id, measure, from_ms, tickets) select * from counted_times;

-- +goose StatementBegin
create trigger tickets_daily_insert after insert on tickets begin
  insert into daily_tickets (workspace_id, day, project_id, type, opened)
  values (new.workspace_id, new.created_at / 86400000, new.project_id, new.type, 1)
  on conflict do update set opened = opened + 1;
end;
-- +goose StatementEnd
-- Apart from the one before, which most tickets need alone: each statement of a trigger has its price.
-- +goose StatementBegin
create trigger tickets_daily_insert_past after insert on tickets when new.closed_at is not null or new.answered_at is not null begin
  insert into daily_tickets (workspace_id, day, project_id, type, closed)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, new.type, 1 where new.closed_at is not null
  on conflict do update set closed = closed + 1;
  insert into daily_members (workspace_id, day, project_id, member_id, closed)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, new.closed_by, 1 where new.closed_by is not null
  on conflict do update set closed = closed + 1;
  insert into daily_times (workspace_id, day, project_id, measure, from_ms, tickets)
  select new.workspace_id, new.answered_at / 86400000, new.project_id, 'answer',
    (select max(from_ms) from time_buckets where from_ms <= max(0, new.answered_at - new.created_at)), 1
  where new.answered_at is not null
  on conflict do update set tickets = tickets + 1;
  insert into daily_times (workspace_id, day, project_id, measure, from_ms, tickets)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, 'resolution',
    (select max(from_ms) from time_buckets where from_ms <= max(0, new.closed_at - new.created_at)), 1
  where new.closed_at is not null
  on conflict do update set tickets = tickets + 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger tickets_daily_update after update of project_id, type, created_at, closed_at, closed_by, answered_at on tickets
when (new.project_id, new.type, new.created_at) <> (old.project_id, old.type, old.created_at)
  or new.closed_at is not old.closed_at or new.closed_by is not old.closed_by or new.answered_at is not old.answered_at
begin
  update daily_tickets set opened = opened - 1
  where workspace_id = old.workspace_id and day = old.created_at / 86400000 and project_id = old.project_id and type = old.type;
  update daily_tickets set closed = closed - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and type = old.type;
  update daily_members set closed = closed - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and member_id = old.closed_by;
  update daily_times set tickets = tickets - 1
  where workspace_id = old.workspace_id and day = old.answered_at / 86400000 and project_id = old.project_id and measure = 'answer'
    and from_ms = (select max(from_ms) from time_buckets where from_ms <= max(0, old.answered_at - old.created_at));
  update daily_times set tickets = tickets - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and measure = 'resolution'
    and from_ms = (select max(from_ms) from time_buckets where from_ms <= max(0, old.closed_at - old.created_at));
  insert into daily_tickets (workspace_id, day, project_id, type, opened)
  values (new.workspace_id, new.created_at / 86400000, new.project_id, new.type, 1)
  on conflict do update set opened = opened + 1;
  insert into daily_tickets (workspace_id, day, project_id, type, closed)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, new.type, 1 where new.closed_at is not null
  on conflict do update set closed = closed + 1;
  insert into daily_members (workspace_id, day, project_id, member_id, closed)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, new.closed_by, 1 where new.closed_by is not null
  on conflict do update set closed = closed + 1;
  insert into daily_times (workspace_id, day, project_id, measure, from_ms, tickets)
  select new.workspace_id, new.answered_at / 86400000, new.project_id, 'answer',
    (select max(from_ms) from time_buckets where from_ms <= max(0, new.answered_at - new.created_at)), 1
  where new.answered_at is not null
  on conflict do update set tickets = tickets + 1;
  insert into daily_times (workspace_id, day, project_id, measure, from_ms, tickets)
  select new.workspace_id, new.closed_at / 86400000, new.project_id, 'resolution',
    (select max(from_ms) from time_buckets where from_ms <= max(0, new.closed_at - new.created_at)), 1
  where new.closed_at is not null
  on conflict do update set tickets = tickets + 1;
end;
-- +goose StatementEnd
-- Before, and not after: the ticket's answers are still there to be taken off.
-- +goose StatementBegin
create trigger tickets_daily_delete before delete on tickets begin
  update daily_tickets set opened = opened - 1
  where workspace_id = old.workspace_id and day = old.created_at / 86400000 and project_id = old.project_id and type = old.type;
  update daily_tickets set closed = closed - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and type = old.type;
  update daily_members set closed = closed - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and member_id = old.closed_by;
  update daily_members set answers = answers - (
    select count(*) from messages
    where ticket_id = old.id and kind = 'message' and member_id = daily_members.member_id and created_at / 86400000 = daily_members.day
  )
  where workspace_id = old.workspace_id and project_id = old.project_id and (day, member_id) in (
    select created_at / 86400000, member_id from messages where ticket_id = old.id and kind = 'message' and member_id is not null
  );
  update daily_times set tickets = tickets - 1
  where workspace_id = old.workspace_id and day = old.answered_at / 86400000 and project_id = old.project_id and measure = 'answer'
    and from_ms = (select max(from_ms) from time_buckets where from_ms <= max(0, old.answered_at - old.created_at));
  update daily_times set tickets = tickets - 1
  where workspace_id = old.workspace_id and day = old.closed_at / 86400000 and project_id = old.project_id and measure = 'resolution'
    and from_ms = (select max(from_ms) from time_buckets where from_ms <= max(0, old.closed_at - old.created_at));
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger messages_daily_insert after insert on messages when new.kind = 'message' and new.member_id is not null begin
  insert into daily_members (workspace_id, day, project_id, member_id, answers)
  select new.workspace_id, new.created_at / 86400000, project_id, new.member_id, 1 from tickets where id = new.ticket_id
  on conflict do update set answers = answers + 1;
  -- What a merge brings along from before the ticket was opened is no answer to it.
  update tickets set answered_at = new.created_at where id = new.ticket_id and answered_at is null and created_at <= new.created_at;
end;
-- +goose StatementEnd
-- A message that goes to another ticket counts where it is, and moves no first answer.
-- +goose StatementBegin
create trigger messages_daily_move after update of ticket_id on messages
when new.kind = 'message' and new.member_id is not null and new.ticket_id <> old.ticket_id
begin
  update daily_members set answers = answers - 1
  where workspace_id = old.workspace_id and day = old.created_at / 86400000 and member_id = old.member_id
    and project_id = (select project_id from tickets where id = old.ticket_id);
  insert into daily_members (workspace_id, day, project_id, member_id, answers)
  select new.workspace_id, new.created_at / 86400000, project_id, new.member_id, 1 from tickets where id = new.ticket_id
  on conflict do update set answers = answers + 1;
end;
-- +goose StatementEnd
-- With its ticket, a message was taken off already: no ticket is found here any more.
-- +goose StatementBegin
create trigger messages_daily_delete after delete on messages when old.kind = 'message' and old.member_id is not null begin
  update daily_members set answers = answers - 1
  where workspace_id = old.workspace_id and day = old.created_at / 86400000 and member_id = old.member_id
    and project_id = (select project_id from tickets where id = old.ticket_id);
end;
-- +goose StatementEnd
