-- Public uploads become a switch of each workspace (I6), beside the other switches of the portal.

-- +goose Up

alter table workspaces add column public_uploads integer not null default 1 check (public_uploads in (0, 1));
