-- The inbox: priority, labels, an order for each filter, and a search in all texts (M2).

-- +goose Up

insert into event_kinds (what) values ('priority'), ('label added'), ('label removed');

alter table tickets add column priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent'));

create table labels (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  name         text    not null check (length(name) between 1 and 40),
  name_key     text    not null, -- folded: two labels differ in more than case
  color        text    not null check (color in ('gray', 'blue', 'green', 'yellow', 'red', 'purple')),
  created_at   integer not null,
  unique (workspace_id, id),
  unique (workspace_id, name_key)
) strict;

-- The last two columns are the ticket's own, so that one index has a label's tickets in their order.
create table ticket_labels (
  workspace_id     integer not null,
  ticket_id        integer not null,
  label_id         integer not null,
  last_activity_at integer not null,
  number           integer not null,
  primary key (ticket_id, label_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, label_id) references labels (workspace_id, id) on delete cascade
) strict, without rowid;
create index ticket_labels_activity on ticket_labels (workspace_id, label_id, last_activity_at, number);
create index ticket_labels_label on ticket_labels (label_id);

-- +goose StatementBegin
create trigger ticket_labels_follow after update of last_activity_at on tickets
when new.last_activity_at <> old.last_activity_at begin
  update ticket_labels set last_activity_at = new.last_activity_at where ticket_id = new.id;
end;
-- +goose StatementEnd

-- A filter of the inbox walks an index in the inbox's order, however many tickets there are.
create index tickets_project_activity on tickets (workspace_id, project_id, last_activity_at, number);
create index tickets_status_activity on tickets (workspace_id, status_id, last_activity_at, number);
create index tickets_type_activity on tickets (workspace_id, type, last_activity_at, number);
create index tickets_unassigned_activity on tickets (workspace_id, last_activity_at, number) where assignee_id is null and category <> 'closed';
create index tickets_priority_activity on tickets (workspace_id, priority, last_activity_at, number) where priority <> 'normal';

-- What is found: a ticket by its title, description and reporter, an entry by its text, notes too. Public
-- pages never ask these. Contentless: the words stand here, the texts where they belong.
create virtual table ticket_texts using fts5 (
  workspace, text,
  content = '', detail = column, tokenize = 'unicode61 remove_diacritics 2'
);
insert into ticket_texts (ticket_texts, rank) values ('secure-delete', 1);
create virtual table message_texts using fts5 (
  workspace, text,
  content = '', detail = column, tokenize = 'unicode61 remove_diacritics 2'
);
insert into message_texts (message_texts, rank) values ('secure-delete', 1);

-- +goose StatementBegin
create trigger ticket_texts_insert after insert on tickets begin
  insert into ticket_texts (rowid, workspace, text)
  values (new.id, 'w' || new.workspace_id, new.title || ' ' || new.reporter_name || ' ' || new.description);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger ticket_texts_update after update of title, reporter_name, description on tickets begin
  insert into ticket_texts (ticket_texts, rowid, workspace, text)
  values ('delete', old.id, 'w' || old.workspace_id, old.title || ' ' || old.reporter_name || ' ' || old.description);
  insert into ticket_texts (rowid, workspace, text)
  values (new.id, 'w' || new.workspace_id, new.title || ' ' || new.reporter_name || ' ' || new.description);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger ticket_texts_delete after delete on tickets begin
  insert into ticket_texts (ticket_texts, rowid, workspace, text)
  values ('delete', old.id, 'w' || old.workspace_id, old.title || ' ' || old.reporter_name || ' ' || old.description);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger message_texts_insert after insert on messages begin
  insert into message_texts (rowid, workspace, text) values (new.id, 'w' || new.workspace_id, new.body);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger message_texts_update after update of body on messages begin
  insert into message_texts (message_texts, rowid, workspace, text) values ('delete', old.id, 'w' || old.workspace_id, old.body);
  insert into message_texts (rowid, workspace, text) values (new.id, 'w' || new.workspace_id, new.body);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger message_texts_delete after delete on messages begin
  insert into message_texts (message_texts, rowid, workspace, text) values ('delete', old.id, 'w' || old.workspace_id, old.body);
end;
-- +goose StatementEnd

insert into ticket_texts (rowid, workspace, text)
select id, 'w' || workspace_id, title || ' ' || reporter_name || ' ' || description from tickets order by id;
insert into message_texts (rowid, workspace, text)
select id, 'w' || workspace_id, body from messages order by id;
