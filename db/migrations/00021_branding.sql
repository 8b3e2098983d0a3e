-- Branding: a workspace may have no colour of its own, and its logo is kept as a small PNG of known size.

-- +goose Up

-- Why not a new check on the old column: SQLite cannot change one.
alter table workspaces rename column color to former_color;
alter table workspaces add column color text not null default ''
  check (color = '' or color glob '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]');
update workspaces set color = former_color where former_color <> '#17605c'; -- which is the product's own
alter table workspaces drop column former_color;

-- Nobody could upload a logo before: those that exist are square, and came with the demo.
alter table logos rename to former_logos;
create table logos (
  workspace_id integer primary key references workspaces (id),
  hash         text    not null,
  width        integer not null check (width between 1 and 400),
  height       integer not null check (height between 1 and 160),
  png          blob    not null check (length(png) between 1 and 65536)
) strict;
insert into logos (workspace_id, hash, width, height, png)
select workspace_id, hash, 96, 96, bytes
from former_logos
where media_type = 'image/png' and length(bytes) <= 65536;
drop table former_logos;
