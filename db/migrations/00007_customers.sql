-- Customers become a page of the settings: found by how their address or their name begins, in any case of
-- letters, and their intake links listed newest first. Addresses are in order already. name_key is the name
-- as it is searched for, in small letters; the program writes it, because SQLite knows the small letters of
-- A to Z alone. So does this migration: a name from before it that begins with another capital, as Émile
-- does, is found by its address until it is saved once more.

-- +goose Up

alter table customers add column name_key text not null default '';
update customers set name_key = lower(name) where name <> '';
create index customers_name on customers (workspace_id, name_key, email) where name_key <> '';

drop index intake_links_customer;
create index intake_links_customer on intake_links (workspace_id, customer_id, created_at, id);
