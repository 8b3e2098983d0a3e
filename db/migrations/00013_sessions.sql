-- Sessions are listed for those they belong to (J3, P4).

-- +goose Up

-- The browser in plain words, like "Firefox, Linux", as it was when somebody signed in. Nothing else of
-- it is kept.
alter table sessions add column browser text not null default '' check (length(browser) <= 60);
