-- Documents: a project's public knowledge articles, so that people can help themselves before they
-- open a ticket, and the full-text indexes that search and suggestions ask (A6, F1 to F4).
--
-- Titles and bodies have an index each: in one index of both, a word that many bodies have and few
-- titles makes a search of the titles walk all the bodies. The indexes hold published documents alone,
-- so that no query can find a draft, and keep no copy of the text (content=''). Their column project
-- holds 'p' and the project's id: a query names it first and walks that project's documents alone.
-- Their prefix indexes make the word that is being typed, of three letters and more, one lookup.

-- +goose Up

alter table workspaces add column suggestions integer not null default 1 check (suggestions in (0, 1));

create table documents (
  id           integer primary key,
  workspace_id integer not null,
  project_id   integer not null,
  slug         text    not null check (length(slug) between 1 and 80),
  title        text    not null collate nocase check (length(title) between 1 and 200),
  body         text    not null check (length(body) between 1 and 100000),
  body_html    text    not null,
  headings     text    not null check (json_valid(headings)),
  excerpt      text    not null,
  state        text    not null check (state in ('draft', 'published')),
  version      integer not null default 1,
  created_at   integer not null,
  updated_at   integer not null,
  published_at integer,
  unique (workspace_id, id),
  unique (workspace_id, project_id, slug),
  check ((state = 'published') = (published_at is not null)),
  foreign key (workspace_id, project_id) references projects (workspace_id, id)
) strict;
create index documents_title on documents (workspace_id, project_id, title, slug);
create index documents_published on documents (workspace_id, project_id, title, slug) where state = 'published';

create virtual table documents_titles using fts5 (
  project, title,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4 5 6'
);

create virtual table documents_bodies using fts5 (
  project, body,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4 5 6'
);

-- +goose StatementBegin
create trigger documents_search_insert after insert on documents when new.state = 'published' begin
  insert into documents_titles (rowid, project, title) values (new.id, 'p' || new.project_id, new.title);
  insert into documents_bodies (rowid, project, body) values (new.id, 'p' || new.project_id, new.body);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger documents_search_update after update on documents begin
  delete from documents_titles where rowid = old.id;
  delete from documents_bodies where rowid = old.id;
  insert into documents_titles (rowid, project, title)
  select new.id, 'p' || new.project_id, new.title where new.state = 'published';
  insert into documents_bodies (rowid, project, body)
  select new.id, 'p' || new.project_id, new.body where new.state = 'published';
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger documents_search_delete after delete on documents when old.state = 'published' begin
  delete from documents_titles where rowid = old.id;
  delete from documents_bodies where rowid = old.id;
end;
-- +goose StatementEnd
