create table accounts (id text primary key, balance bigint not null default 0);
create table deposits (
  id bigserial primary key,
  request_id text not null,
  account text not null references accounts,
  amount bigint not null,
  at timestamptz not null default now()
);
create index on deposits (request_id);
insert into accounts (id) values ('a1'), ('a2');
