#!/bin/sh
# Runs once, after postgres-init.sql: the shop's user may run replicas. It may copy the data, promote a replica, and delay it. None
# of these functions and settings runs a program or reads a file.
set -e
echo "host replication shop all scram-sha-256" >>"$PGDATA/pg_hba.conf"
psql --quiet --set ON_ERROR_STOP=1 --host=/var/run/postgresql --username "${POSTGRES_USER:-postgres}" --dbname shop <<'SQL'
ALTER ROLE shop REPLICATION;
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_promote(boolean, integer), pg_wal_replay_pause(), pg_wal_replay_resume(),
  pg_reload_conf(), pg_switch_wal() TO shop;
GRANT ALTER SYSTEM ON PARAMETER primary_conninfo, recovery_min_apply_delay, default_transaction_read_only,
  synchronous_standby_names TO shop;
SQL
