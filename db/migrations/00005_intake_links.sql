-- Intake links: an admin hands a customer a link that opens one project's form with their name and
-- address filled in (D1). The id is half of the token; the other half is a MAC under the secret key.

-- +goose Up

create table intake_links (
  id           text    primary key,
  workspace_id integer not null,
  project_id   integer not null,
  customer_id  integer not null,
  member_id    integer not null,
  created_at   integer not null,
  expires_at   integer not null check (expires_at > created_at),
  revoked_at   integer,
  used_at      integer,
  foreign key (workspace_id, project_id) references projects (workspace_id, id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id)
) strict, without rowid;
create index intake_links_workspace on intake_links (workspace_id, created_at, id);
create index intake_links_customer on intake_links (workspace_id, customer_id);
