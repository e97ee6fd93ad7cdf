import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { Client } from 'pg'

import { startMaxMs } from '../../start-deadline.ts'
import type { StoreSetup } from './store-setup.ts'
import type { StoreUser } from './store-user.ts'

/** Of the data folder, what a copy must not have: the log comes over the network, and the others belong to the process. */
const notCopied: ReadonlySet<string> = new Set([
  'pg_wal',
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'standby.signal',
])

/** Postgres may remove files while they are copied: the log that follows removes them again. */
const vanished = /No such file or directory$/

/**
 * Copies the data folder of a running Postgres at `url`, as a base backup without its log: a replica that starts on the copy
 * must receive the log from that Postgres.
 */
export async function copyRunningPostgres(
  setup: Pick<StoreSetup, 'keeper' | 'host' | 'user'>,
  copy: { readonly from: string; readonly to: string; readonly url: string },
): Promise<void> {
  const { from, to, url } = copy
  const { user } = setup
  await mkdir(to, { recursive: true, mode: 0o700 })
  await own(to, user)
  const client = new Client({ connectionString: url, application_name: 'chaos-copy' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`SELECT pg_backup_start('replica', true)`)
    const entries = (await readdir(from)).filter((name) => !notCopied.has(name))
    const { code, stderr } = await setup.keeper.request('run', {
      command: 'cp',
      // cp keeps owner and mode, and shares blocks where the file system supports it.
      args: ['-a', ...entries.map((name) => path.join(from, name)), to],
      environment: setup.host.baseEnvironment,
      cwd: to,
      timeoutMs: startMaxMs,
    })
    const problems = stderr.split('\n').filter((line) => line !== '' && !vanished.test(line))
    if (code === null || problems.length > 0)
      throw new Error(`Postgres could not be copied: ${problems.join('; ')}`)
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    )
    await writeOwn(path.join(to, 'backup_label'), rows[0]?.labelfile ?? '', user)
  } finally {
    await client.end()
  }
  for (const name of ['pg_wal', 'pg_wal/archive_status', 'pg_wal/summaries']) {
    await mkdir(path.join(to, name), { recursive: true, mode: 0o700 })
    await own(path.join(to, name), user)
  }
}

/** Makes the data folder that of a replica, which connects to this primary. */
export async function writeReplicaSettings(
  folder: string,
  user: StoreUser | undefined,
  primary: Readonly<Record<string, string | number>>,
): Promise<void> {
  const connection = Object.entries(primary).map(([name, value]) => `${name}=${value}`)
  // Not as an argument of the process: a fault changes it while the replica runs.
  const settings = `primary_conninfo = '${connection.join(' ')}'\n`
  await writeOwn(path.join(folder, 'postgresql.auto.conf'), settings, user)
  await writeOwn(path.join(folder, 'standby.signal'), '', user)
}

async function writeOwn(file: string, text: string, user: StoreUser | undefined): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
  await own(file, user)
}

async function own(file: string, user: StoreUser | undefined): Promise<void> {
  if (user !== undefined) await chown(file, user.uid, user.gid)
}
