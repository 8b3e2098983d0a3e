-- Languages: that of a workspace, and the one that a person chose, remembered so that mail agrees.

-- +goose Up

-- Language tags (BCP 47). Empty: that of the workspace, or of what the row belongs to.
alter table workspaces add column language text not null default 'en' check (length(language) between 2 and 35);
alter table tickets add column language text not null default '' check (length(language) <= 35);
alter table recipients add column language text not null default '' check (length(language) <= 35);
alter table logins add column language text not null default '' check (length(language) <= 35);
alter table link_requests add column language text not null default '' check (length(language) <= 35);

-- Of a mail that somebody asked for. Others take the language of their recipient, when they are sent.
alter table outbox add column language text not null default '' check (length(language) <= 35);
