-- Runs once, as superuser, on an empty data folder. The shop's own user owns its database and is no superuser: like most
-- applications, it cannot use the connections that Postgres keeps back for an administrator. Beyond that it may read
-- statistics, end sessions and write checkpoints, which the faults on Postgres need.
SET scram_iterations = 1; -- the password is no secret: hashing it slowly for every connection would protect nothing
CREATE ROLE shop LOGIN CREATEDB PASSWORD 'shop';
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO shop;
CREATE DATABASE shop OWNER shop;
