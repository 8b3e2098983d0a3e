-- The index of an overview's lines also sorts what a search of the inbox found: it has all that the inbox's order is
-- made of, seventy tickets a page, where the tickets themselves are three or four.

-- +goose Up

drop index tickets_overview;
create index tickets_overview on tickets (id, workspace_id, category, last_activity_at, number, ref, public_version);
