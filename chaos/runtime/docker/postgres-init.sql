-- Runs once, as superuser, on an empty data folder. The shop's user owns its database and is not a
-- superuser. So, like most applications, it cannot use the connections that Postgres reserves for
-- administrators. It may read statistics, end sessions and write checkpoints: the faults on
-- Postgres need this.
SET scram_iterations = 1; -- the password is public, so slow hashing for every connection protects nothing
CREATE ROLE shop LOGIN CREATEDB PASSWORD 'shop';
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO shop;
CREATE DATABASE shop OWNER shop;
-- The controller's user: the same rights, and connections that Postgres keeps free for operators
-- when the shop has used up all others.
CREATE ROLE shop_operator LOGIN PASSWORD 'shop' IN ROLE shop, pg_use_reserved_connections;
ALTER ROLE shop_operator SET role = shop;
