-- Custom fields: the templates that ask for them, where they are asked, and what a ticket keeps of them.

-- +goose Up

create table templates (
  id           integer primary key,
  workspace_id integer not null references workspaces (id),
  name         text    not null check (length(name) between 1 and 80),
  version      integer not null default 1,
  unique (workspace_id, id),
  unique (workspace_id, name)
) strict;

-- Bounds that do not fit a kind stay empty. Choices stand one a line.
create table template_fields (
  workspace_id  integer not null,
  template_id   integer not null,
  key           text    not null check (length(key) between 1 and 40 and key not glob '*[^a-z0-9_]*'),
  position      integer not null,
  kind          text    not null check (kind in (
                  'text', 'long text', 'number', 'date', 'choice', 'several choices', 'yes/no',
                  'email', 'web address', 'file')),
  label         text    not null check (length(label) between 1 and 120),
  help          text    not null default '' check (length(help) <= 300),
  placeholder   text    not null default '' check (length(placeholder) <= 120),
  required      integer not null default 0 check (required in (0, 1)),
  visibility    text    not null default 'shown' check (visibility in ('shown', 'hidden', 'read-only')),
  default_value text    not null default '' check (length(default_value) <= 20000),
  description   text    not null default '' check (length(description) <= 500),
  min_length    integer not null default 0 check (min_length between 0 and 20000),
  max_length    integer not null default 0 check (max_length between 0 and 20000),
  min_value     text    not null default '',
  max_value     text    not null default '',
  pattern       text    not null default '' check (length(pattern) <= 200),
  choices       text    not null default '' check (length(choices) <= 20200),
  primary key (workspace_id, template_id, key),
  foreign key (workspace_id, template_id) references templates (workspace_id, id) on delete cascade
) strict, without rowid;

-- A binding without a type holds for the whole project; one with a type overrides it there.
create table bindings (
  id           integer primary key,
  workspace_id integer not null,
  project_id   integer not null,
  type         text,
  template_id  integer not null,
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, project_id, type) references ticket_types (workspace_id, project_id, key)
    on update cascade on delete cascade,
  foreign key (workspace_id, template_id) references templates (workspace_id, id) on delete cascade
) strict;
create unique index bindings_project on bindings (workspace_id, project_id) where type is null;
create unique index bindings_type on bindings (workspace_id, project_id, type) where type is not null;
create index bindings_template on bindings (workspace_id, template_id);

-- What a ticket keeps of each answer is what stood on the form that day: an old ticket reads right
-- after its template has changed or gone. That is why template_id is no foreign key.
create table ticket_answers (
  workspace_id integer not null,
  ticket_id    integer not null,
  position     integer not null,
  template_id  integer not null,
  key          text    not null,
  label        text    not null,
  kind         text    not null,
  value        text    not null check (length(value) between 1 and 20200),
  internal     integer not null check (internal in (0, 1)),
  primary key (workspace_id, ticket_id, position),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
) strict, without rowid;
create index ticket_answers_field on ticket_answers (workspace_id, template_id, key);
