-- Moves with everything that a recipient's page of a thread depends on besides the workspace, so that one look at one
-- row says whether what is known of them is still true.

-- +goose Up

alter table recipients add column changes integer not null default 0;

-- +goose StatementBegin
create trigger recipients_changed after update of ticket_id, link_id, unsubscribed_at, language, seen_version on recipients begin
  update recipients set changes = changes + 1 where id = new.id;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recipients_ticket_changed after update of public_version, reporter_id, reporter_name, signed_in_by, language on tickets begin
  update recipients set changes = changes + 1 where ticket_id = new.id;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recipients_customer_changed after update of email, name, confirmed_at, erased_at on customers begin
  update recipients set changes = changes + 1 where customer_id = new.id;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recipients_upload_came after insert on uploads when new.ticket_id is not null begin
  update recipients set changes = changes + 1 where ticket_id = new.ticket_id;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recipients_upload_moved after update of ticket_id on uploads when new.ticket_id is not null begin
  update recipients set changes = changes + 1 where ticket_id = new.ticket_id;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recipients_upload_went after delete on uploads when old.ticket_id is not null begin
  update recipients set changes = changes + 1 where ticket_id = old.ticket_id;
end;
-- +goose StatementEnd
