import path from 'node:path'

import { localPort } from '#chaos/contracts/ports.ts'
import type { SendLater } from '#chaos/contracts/runtime.ts'
import type { StoreKind } from '#chaos/contracts/topology.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { storeAccepts } from '../../store-accepts.ts'
import { storeNamed } from '../../store-named.ts'
import { makeTraversable } from '../cache-folder.ts'
import { readHostConfig } from '../config.ts'
import { openSandbox } from '../open-sandbox.ts'
import { dataFolder } from '../sandbox-folder.ts'
import { slotCandidates } from '../slot-candidates.ts'
import { databaseUrlAt, operatorUrlAt } from '../stores/postgres.ts'
import { preparePostgres, prepareRedis } from '../stores/prepare-stores.ts'
import { sendLaterWith } from '../stores/send-later.ts'
import type { StoreSetup } from '../stores/store-setup.ts'
import { storeUser } from '../stores/store-user.ts'

export interface TestStores extends AsyncDisposable {
  /** An empty database that belongs to its user. Postgres keeps connections free for this one. */
  readonly databaseUrl: string
  /** The same database with the user of the services. */
  readonly serviceDatabaseUrl: string
  readonly redisUrl: string
  /** As in the local runtime. */
  readonly sendLater: SendLater
  /** Removed with the stores. */
  readonly folder: string
}

const { name: databaseName, topology } = system
const storeNames = ['postgres', 'redis'] as const
const startTimeoutMs = 120_000
const slotsForTests = 30
const pollMs = 10

/**
 * Starts a separate Postgres and Redis for one test file: `await using stores = await
 * startTestStores()`. They end when the result is disposed or the process dies. It takes a slot
 * from the end of the range, away from the sandboxes of users.
 */
export async function startTestStores(): Promise<TestStores> {
  const host = readHostConfig()
  const candidates = slotCandidates({ topology }).slice(-slotsForTests).toReversed()
  const sandbox = await openSandbox({ host, clock: systemClock, candidates })
  try {
    const portOf = (name: StoreKind): number =>
      localPort(sandbox.slot, storeNamed(topology, name).portOffset)
    const stagingFolder = path.join(sandbox.folder, 'staging')
    makeTraversable(stagingFolder)
    makeTraversable(dataFolder(sandbox.folder))
    const setup: StoreSetup = {
      keeper: sandbox.keeper,
      host,
      cacheFolder: sandbox.cacheFolder,
      stagingFolder,
      user: storeUser(host),
      databaseName,
      progress: () => undefined,
    }
    const placeOf = (name: StoreKind) => ({
      name,
      sandboxFolder: sandbox.folder,
      port: portOf(name),
      logFile: path.join(sandbox.folder, `${name}.log`),
    })
    const requests = await Promise.all([
      preparePostgres(setup, placeOf('postgres')),
      prepareRedis(setup, { ...placeOf('redis'), durable: true }),
    ])
    await Promise.all(
      requests.map(async (request) => await sandbox.keeper.request('spawn', request)),
    )
    const signal = AbortSignal.timeout(startTimeoutMs)
    for (const store of storeNames) {
      const probed = { store, host: '127.0.0.1', port: portOf(store), databaseName }
      while (!(await storeAccepts(probed))) await systemClock.sleep(pollMs, signal)
    }
    return {
      databaseUrl: operatorUrlAt(portOf('postgres'), databaseName),
      serviceDatabaseUrl: databaseUrlAt(portOf('postgres'), databaseName),
      redisUrl: `redis://127.0.0.1:${portOf('redis')}`,
      sendLater: sendLaterWith(sandbox.keeper, (name) => portOf(name as StoreKind)),
      folder: sandbox.folder,
      [Symbol.asyncDispose]: async () => await sandbox[Symbol.asyncDispose](),
    }
  } catch (error) {
    await sandbox[Symbol.asyncDispose]()
    throw error
  }
}
