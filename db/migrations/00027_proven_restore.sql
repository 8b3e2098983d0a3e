-- The last restore that was tried and found whole, for doctor and the status page (O7). Why in the database:
-- it comes back with a restore, where a file on the lost disk would not.

-- +goose Up

create table proven_restore (
  id        integer primary key check (id = 1),
  proven_at integer not null,
  source    text    not null check (length(source) between 1 and 500),
  took_ms   integer not null check (took_ms >= 0),
  tickets   integer not null check (tickets >= 0)
) strict;
