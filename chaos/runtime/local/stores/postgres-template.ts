import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { operatorOf } from '../../database-url.ts'
import { startMaxMs } from '../../start-deadline.ts'
import { runChecked } from '../run-checked.ts'
import { moveIntoPlace } from './move-into-place.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { StoreSetup } from './store-setup.ts'

/**
 * Increase it when this file changes how it writes, so an older cache is not used. What it writes is part of
 * the name.
 */
const layout = 2

/**
 * Creates a data folder with an empty database once; each sandbox copies it. initdb takes a second,
 * a copy a tenth. `setup.databaseName` is the name of user, password and database: the sandbox contains
 * invented data and listens only on 127.0.0.1. The user owns the database, is not a superuser, and is the
 * only user who may connect. It may also run replicas: copy the data, promote a replica, and delay it. On a machine
 * with other users, a process that reaches the port must not run programs as this user. The operator has the same
 * rights, and a connection even when the user has taken them all.
 */
export async function makePostgresTemplate(
  setup: StoreSetup,
  binaries: PostgresBinaries,
): Promise<string> {
  const { keeper, user, databaseName } = setup
  const written = [createDatabase, allowReplicas, accessFor].map((text) => text(databaseName))
  const digest = createHash('sha256').update(written.join('\n')).digest('hex').slice(0, 8)
  const name = `postgres-${binaries.version}-data-${layout}-${digest}-${databaseName}`
  const template = path.join(setup.cacheFolder, name)
  if (existsSync(template)) return template
  setup.progress('Preparing an empty database (once) ...')
  const staging = path.join(setup.stagingFolder, 'postgres-template')
  await mkdir(staging, { recursive: true, mode: 0o700 })
  if (user !== undefined) await chown(staging, user.uid, user.gid)
  const run = async (program: string, args: string[], input = '') => {
    await runChecked(keeper, {
      command: path.join(binaries.folder, 'bin', program),
      args,
      input,
      ...user,
      environment: setup.host.baseEnvironment,
      cwd: staging,
      timeoutMs: startMaxMs,
    })
  }
  await run('initdb', [
    `--pgdata=${staging}`,
    '--username=postgres',
    '--auth=reject',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--wal-segsize=4',
  ])
  await run(
    'postgres',
    ['--single', '-D', staging, '-c', 'fsync=off', 'postgres'],
    createDatabase(databaseName),
  )
  await run(
    'postgres',
    ['--single', '-D', staging, '-c', 'fsync=off', databaseName],
    allowReplicas(databaseName),
  )
  await writeFile(path.join(staging, 'pg_hba.conf'), accessFor(databaseName))
  await moveIntoPlace(staging, template)
  return template
}

// One statement on each line: single-user mode requires it. The password is public, so 4096 hash
// iterations for each connection of every pool would protect nothing.
const createDatabase = (name: string): string => `
SET scram_iterations = 1;
CREATE ROLE "${name}" LOGIN CREATEDB PASSWORD '${name}';
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO "${name}";
CREATE DATABASE "${name}" OWNER "${name}";
CREATE ROLE "${operatorOf(name)}" LOGIN PASSWORD '${name}' IN ROLE "${name}", pg_use_reserved_connections;
ALTER ROLE "${operatorOf(name)}" SET role = "${name}";
`

// Rights on functions belong to one database. None of these functions and settings runs a program or reads a file.
const allowReplicas = (user: string): string =>
  [
    `ALTER ROLE "${user}" REPLICATION;`,
    ...replicaFunctions.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO "${user}";`),
    ...replicaSettings.map((name) => `GRANT ALTER SYSTEM ON PARAMETER ${name} TO "${user}";`),
    '',
  ].join('\n')

/** What the faults on replicas call. */
const replicaFunctions = [
  'pg_backup_start(text, boolean)',
  'pg_backup_stop(boolean)',
  'pg_promote(boolean, integer)',
  'pg_wal_replay_pause()',
  'pg_wal_replay_resume()',
  'pg_reload_conf()',
  'pg_switch_wal()',
]

/** What the faults on replicas set. */
const replicaSettings = [
  'primary_conninfo',
  'recovery_min_apply_delay',
  'default_transaction_read_only',
  'synchronous_standby_names',
]

const accessFor = (user: string): string => `# TYPE  DATABASE  USER  ADDRESS  METHOD
host  all          "${user}"  127.0.0.1/32  scram-sha-256
host  all          "${operatorOf(user)}"  127.0.0.1/32  scram-sha-256
host  replication  "${user}"  127.0.0.1/32  scram-sha-256
`
