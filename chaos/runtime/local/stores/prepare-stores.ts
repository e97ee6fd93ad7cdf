import { chown, mkdir } from 'node:fs/promises'
import path from 'node:path'

import { startMaxMs } from '../../start-deadline.ts'
import type { SpawnRequest } from '../keeper/keeper-requests.ts'
import { runChecked } from '../run-checked.ts'
import { dataFolder } from '../sandbox-folder.ts'
import { installPostgres } from './postgres-binaries.ts'
import { makePostgresTemplate } from './postgres-template.ts'
import { postgresCommand } from './postgres.ts'
import { installRedis } from './redis-binary.ts'
import { redisCommand } from './redis.ts'
import type { StoreSetup } from './store-setup.ts'

export interface StorePlace {
  readonly sandboxFolder: string
  readonly port: number
  readonly logFile: string
}

/** Installs Postgres and creates an empty data folder. Returns the request that starts it. */
export async function preparePostgres(setup: StoreSetup, place: StorePlace): Promise<SpawnRequest> {
  const binaries = await installPostgres(setup)
  const template = await makePostgresTemplate(setup, binaries)
  const folder = path.join(dataFolder(place.sandboxFolder), 'postgres')
  // cp keeps owner and mode, and shares blocks where the file system supports it.
  await runChecked(setup.keeper, {
    command: 'cp',
    args: ['-a', template, folder],
    environment: setup.host.baseEnvironment,
    cwd: place.sandboxFolder,
    timeoutMs: startMaxMs,
  })
  return postgresCommand({
    ...place,
    binaries,
    dataFolder: folder,
    user: setup.user,
    environment: setup.host.baseEnvironment,
  })
}

/** Installs Redis and creates an empty data folder. Returns the request that starts it. */
export async function prepareRedis(
  setup: StoreSetup,
  place: StorePlace & { readonly durable: boolean },
): Promise<SpawnRequest> {
  const binary = await installRedis(setup)
  const folder = path.join(dataFolder(place.sandboxFolder), 'redis')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (setup.user !== undefined && binary.reachable)
    await chown(folder, setup.user.uid, setup.user.gid)
  return redisCommand({
    ...place,
    binary,
    dataFolder: folder,
    user: setup.user,
    environment: setup.host.baseEnvironment,
  })
}
