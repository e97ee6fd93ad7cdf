import { expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { endConnections, withPostgres } from './postgres.ts'

/**
 * Stand-ins for the server's view of its processes and for its function that ends one. As the real one, it refuses a process
 * without a role, and the whole statement fails.
 */
const standIns = `
  CREATE SCHEMA seen;
  CREATE TABLE seen.pg_stat_activity (
    pid integer, datname name, backend_type text, usesysid oid, application_name text
  );
  CREATE TABLE seen.ended (pid integer);
  CREATE FUNCTION seen.pg_terminate_backend(one integer) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    IF (SELECT usesysid IS NULL FROM seen.pg_stat_activity WHERE pid = one) THEN
      RAISE 'permission denied to terminate process';
    END IF;
    INSERT INTO seen.ended VALUES (one);
    RETURN true;
  END $$;
  INSERT INTO seen.pg_stat_activity VALUES
    (1, current_database(), 'client backend', 10, 'api-1'),
    (2, current_database(), 'client backend', 10, ''),
    (3, current_database(), 'client backend', NULL, ''),
    (4, current_database(), 'autovacuum worker', NULL, ''),
    (5, 'another', 'client backend', 10, 'api-1'),
    (6, current_database(), 'client backend', 10, 'chaos-fault'),
    (7, current_database(), 'client backend', 10, 'truth');
  SET search_path = seen, pg_catalog
`

test('ends the connections of the shop: none that is starting, of the server itself, of a fault, or of the truth', async () => {
  await using stores = await startTestStores()
  await withPostgres(stores.databaseUrl, async (client) => {
    await client.query(standIns)
    expect(await endConnections(client)).toBe(2)
    const { rows } = await client.query('SELECT pid FROM ended ORDER BY pid')
    expect(rows).toEqual([{ pid: 1 }, { pid: 2 }])
  })
})
