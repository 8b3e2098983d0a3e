-- Limits on the public side become settings of each workspace (H1).

-- +goose Up

alter table workspaces add column create_per_10_minutes integer not null default 5 check (create_per_10_minutes between 1 and 10000);
alter table workspaces add column create_per_day integer not null default 20 check (create_per_day between 1 and 100000);
alter table workspaces add column replies_per_10_minutes integer not null default 10 check (replies_per_10_minutes between 1 and 10000);
alter table workspaces add column upload_mb_per_day integer not null default 50 check (upload_mb_per_day between 1 and 100000);
