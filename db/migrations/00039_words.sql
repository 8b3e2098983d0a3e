-- The words of the inbox's search, by which an unfinished one becomes those that it may stand for. They are read from
-- the index itself: nothing more is stored.

-- +goose Up

create virtual table ticket_words using fts5vocab (ticket_texts, instance);
create virtual table message_words using fts5vocab (message_texts, instance);
