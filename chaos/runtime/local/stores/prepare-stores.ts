import { chown, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'

import type { StoreKind } from '#chaos/contracts/topology.ts'

import { startMaxMs } from '../../start-deadline.ts'
import type { SpawnRequest } from '../keeper/keeper-requests.ts'
import { runChecked } from '../run-checked.ts'
import { dataFolder } from '../sandbox-folder.ts'
import { removeSharedMemory } from '../shared-memory.ts'
import { installPostgres } from './postgres-binaries.ts'
import { copyRunningPostgres, writeReplicaSettings } from './postgres-copy.ts'
import { makePostgresTemplate } from './postgres-template.ts'
import { databaseUrlAt, postgresCommand } from './postgres.ts'
import { installRedis } from './redis-binary.ts'
import { redisCommand } from './redis.ts'
import type { StoreSetup } from './store-setup.ts'

export interface StorePlace {
  /** Of the store, and of its folder. */
  readonly name: string
  readonly sandboxFolder: string
  readonly port: number
  readonly logFile: string
}

/** Installs Postgres and creates an empty data folder. Returns the request that starts it. */
export async function preparePostgres(setup: StoreSetup, place: StorePlace): Promise<SpawnRequest> {
  const binaries = await installPostgres(setup)
  const template = await makePostgresTemplate(setup, binaries)
  const folder = folderOf(place)
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
  place: StorePlace & { readonly durable: boolean; readonly primaryPort?: number },
): Promise<SpawnRequest> {
  const binary = await installRedis(setup)
  const folder = folderOf(place)
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

/** Creates the data of a replica of a running store. Returns the request that starts it. */
export async function prepareReplica(
  setup: StoreSetup,
  place: StorePlace,
  of: { readonly kind: StoreKind; readonly primary: StorePlace; readonly durable: boolean },
): Promise<SpawnRequest> {
  const { kind, primary, durable } = of
  if (kind === 'redis')
    return await prepareRedis(setup, { ...place, durable, primaryPort: primary.port })
  await copyPostgres(setup, place, primary)
  return postgresCommand({
    ...place,
    binaries: await installPostgres(setup),
    dataFolder: folderOf(place),
    user: setup.user,
    isReplica: true,
    environment: setup.host.baseEnvironment,
  })
}

/**
 * Copies the data of a running Postgres into the folder of another one, which then starts as its replica and receives everything that
 * follows. The copy is a base backup: Postgres marks its beginning and its end in the write-ahead log.
 */
export async function copyPostgres(
  setup: StoreSetup,
  place: StorePlace,
  from: StorePlace,
): Promise<void> {
  const { databaseName, user } = setup
  const folder = folderOf(place)
  await copyRunningPostgres(setup, {
    from: folderOf(from),
    to: folder,
    url: databaseUrlAt(from.port, databaseName),
  })
  await writeReplicaSettings(folder, user, {
    host: '127.0.0.1',
    port: from.port,
    user: databaseName,
    password: databaseName,
    application_name: place.name,
  })
}

/** Removes the data folder of a store that does not run. */
export async function removeStoreData(place: StorePlace): Promise<void> {
  const folder = folderOf(place)
  await removeSharedMemory(folder)
  await rm(folder, { recursive: true, force: true })
}

function folderOf({ sandboxFolder, name }: StorePlace): string {
  return path.join(dataFolder(sandboxFolder), name)
}
