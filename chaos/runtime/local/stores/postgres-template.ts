import { existsSync } from 'node:fs'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { runChecked } from '../run-checked.ts'
import { moveIntoPlace } from './move-into-place.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { StoreSetup } from './store-setup.ts'

/** User, password and database have this name. The sandbox holds invented data and listens on 127.0.0.1 only. */
export const databaseName = 'shop'

/** Changes whenever what this file writes does, so that an older cache is not taken for it. */
const layout = 1

/**
 * A data folder with an empty database, made once and copied for every sandbox: initdb takes a second, a copy a tenth.
 * The shop's user owns the database but is no superuser, and nobody else may connect: on a machine with other users,
 * whoever reaches the port must not be able to run programs as us.
 */
export async function makePostgresTemplate(
  setup: StoreSetup,
  binaries: PostgresBinaries,
): Promise<string> {
  const { keeper, user } = setup
  const name = `postgres-${binaries.version}-data-${layout}`
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
      timeoutMs: 60_000,
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
  await run('postgres', ['--single', '-D', staging, '-c', 'fsync=off', 'postgres'], roleAndDatabase)
  await writeFile(path.join(staging, 'pg_hba.conf'), access)
  await moveIntoPlace(staging, template)
  return template
}

// One statement a line: that is how single-user mode reads. The password is no secret, so that hashing it 4096 times
// for each connection of every pool would protect nothing.
const roleAndDatabase = `
SET scram_iterations = 1;
CREATE ROLE ${databaseName} LOGIN CREATEDB PASSWORD '${databaseName}';
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO ${databaseName};
CREATE DATABASE ${databaseName} OWNER ${databaseName};
`

const access = `# TYPE  DATABASE  USER  ADDRESS  METHOD
host  all  ${databaseName}  127.0.0.1/32  scram-sha-256
`
