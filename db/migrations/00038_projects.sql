-- Statuses and types of a project are changed in the settings: what the program itself moves tickets to is there at
-- all times.

-- +goose Up

-- +goose StatementBegin
create trigger statuses_keep_each_category before delete on statuses
when not exists (
  select 1 from statuses
  where workspace_id = old.workspace_id and project_id = old.project_id and category = old.category and id <> old.id
) begin
  select raise(abort, 'a project keeps a status of each category');
end;
-- +goose StatementEnd
