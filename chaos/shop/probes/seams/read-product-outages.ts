import type { Breach } from '#chaos/contracts/probe-report.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { ReadProduct } from '#services/api/seams.ts'

import { inWords } from '../contract-probe.ts'
import type { ContractProbe, ProbeTools } from '../contract-probe.ts'
import { createPriceShelf, refused } from '../fakes/price-shelf.ts'
import type { CacheState, PriceShelf, Seen, ShelfState, Shelved } from '../fakes/price-shelf.ts'

type Tools = ProbeTools<ReadProduct>

const goal =
  'Customers can look at products while Redis is down: a cache makes reads faster, and reads must work without it.'
const found = 'A product that exists is found.'
const unknown = 'A product that does not exist is a 404.'
const notAnError = 'An error is not a 404.'
const inForce =
  'The price is the price in force, at most `CACHE_TTL_MS` old (10 s; an entry of the cache lives for up to a tenth longer).'
const freshPrice = 'With `?fresh=1` it is the price in Postgres.'
const noWait = 'No read waits for a cache that is down.'

const fiveProducts = ['tea', 'mug', 'pot', 'cup', 'jar'].map((sku): Shelved => ({ sku }))

/** Products, prices and errors over outages of Redis. */
export const readProductOutages: readonly ContractProbe<ReadProduct>[] = [
  {
    name: 'Redis fails in another way than a refused connection',
    promise: goal,
    run: everyError,
  },
  ...(['refuses', 'silent'] as const).map((state) => ({
    name: `prices change, while Redis ${inPlain(state)} again and again`,
    promise: inForce,
    run: async (tools: Tools) => await outages(tools, state, fiveProducts),
  })),
  {
    name: 'a product is added, while Redis goes down again and again',
    promise: found,
    run: async (tools) =>
      await outages(tools, 'refuses', [{ sku: 'tea' }, { sku: 'new', fromMs: 20_000 }]),
  },
  {
    name: 'a product is removed, while Redis goes down again and again',
    promise: unknown,
    run: async (tools) =>
      await outages(tools, 'refuses', [{ sku: 'tea' }, { sku: 'old', untilMs: 20_000 }]),
  },
  ...(['works', 'refuses'] as const).map((state) => ({
    name: `a price changes between two reads, and the later one has fresh=1: Redis ${inPlain(state)}`,
    promise: freshPrice,
    run: async (tools: Tools) => await freshDuringRead(tools, state),
  })),
  ...(['works', 'refuses', 'silent'] as const).map((state) => ({
    name: `Postgres fails for a moment: Redis ${inPlain(state)}`,
    promise: notAnError,
    run: async (tools: Tools) => await postgresFails(tools, state),
  })),
  {
    name: 'Redis refuses connections: reads take no longer than Postgres',
    promise: noWait,
    run: async (tools) => await waits(tools, { get: 'refuses', put: 'refuses', fresh: false }),
  },
  {
    name: 'Redis is silent: reads with fresh=1 take no longer than Postgres',
    promise: noWait,
    run: async (tools) => await waits(tools, { get: 'silent', put: 'silent', fresh: true }),
  },
  {
    name: 'Redis is silent from the write on: reads take no longer than Postgres',
    promise: noWait,
    run: async (tools) => await waits(tools, { get: 'works', put: 'silent', fresh: false }),
  },
]

function inPlain(state: CacheState): string {
  return state === 'silent' ? 'is silent' : state === 'refuses' ? 'goes down' : 'works'
}

/** Errors of a client whose Redis is down, starting, frozen or full. */
const errors: readonly (() => Error)[] = [
  refused,
  () => withCode('read ECONNRESET', 'ECONNRESET'),
  () => withCode('connect ETIMEDOUT', 'ETIMEDOUT'),
  () => withCode('ENOTFOUND redis', 'ENOTFOUND'),
  () => withCode('connect EHOSTUNREACH 10.0.0.7:6379', 'EHOSTUNREACH'),
  () => new Error('Connection is closed.'),
  () => new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  () => new Error('Command timed out'),
  () => replyError('LOADING Redis is loading the dataset in memory'),
  () =>
    replyError("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
  () => replyError('CLUSTERDOWN The cluster is down'),
  () => replyError("READONLY You can't write against a read only replica."),
  () => replyError('OOM command not allowed'),
]

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' })
}

/** Errors of a database that is restarting, frozen or full. Some have the code of a network error. */
const postgresErrors: readonly (() => Error)[] = [
  () => withCode('terminating connection due to administrator command', '57P01'),
  () => withCode('canceling statement due to statement timeout', '57014'),
  () => new Error('Connection terminated unexpectedly'),
  () => new Error('timeout exceeded when trying to connect'),
]

async function everyError(tools: Tools): Promise<Breach | undefined> {
  for (const makeError of errors)
    for (const get of ['refuses', 'works'] as const) {
      const shop = await createPriceShelf(tools, [{ sku: 'tea' }])
      Object.assign(shop.state, { get, put: 'refuses', error: makeError() })
      for (const fresh of [false, true, false]) {
        const breach = crashOf(tools) ?? (await readAtOnce(tools, shop, [['tea', fresh]]))
        if (breach !== undefined)
          return { ...breach, expected: `${breach.expected}, after ${inWords(makeError())}` }
      }
    }
  return crashOf(tools)
}

type Wanted = readonly [sku: string, fresh: boolean]

/** The first breach of reads that run at once. */
async function readAtOnce(
  tools: Tools,
  shop: PriceShelf,
  wanted: readonly Wanted[],
): Promise<Breach | undefined> {
  const seen = await seeAtOnce(tools, shop, wanted)
  return seen.find(({ breach }) => breach !== undefined)?.breach
}

async function seeAtOnce(
  tools: Tools,
  shop: PriceShelf,
  wanted: readonly Wanted[],
): Promise<readonly Seen[]> {
  const all = async (): Promise<readonly Seen[]> =>
    await Promise.all(wanted.map(async ([sku, fresh]) => await shop.read(sku, fresh)))
  const end = await tools.call(all, 60_000)
  if (end.how !== 'returned') throw new Error('a read of the probe did not end')
  return end.value
}

const outagesMs = 70_000
const readEveryMs = 500
const phaseMinMs = 500
const phaseMaxMs = 14_000

/** Redis works and fails in turns of irregular length: reads and writes, writes only, reads only. */
async function outages(
  tools: Tools,
  down: CacheState,
  shelved: readonly Shelved[],
): Promise<Breach | undefined> {
  const random = createRandom(7)
  const shop = await createPriceShelf(tools, shelved)
  let nextMs = 0
  let phase = 0
  for (let i = 0; tools.now() < outagesMs; i++) {
    if (tools.now() >= nextMs) {
      Object.assign(shop.state, phaseOf(phase++, down))
      nextMs = tools.now() + phaseMinMs + random.next() * (phaseMaxMs - phaseMinMs)
    }
    // Each product enters the cache at another time, so an outage finds entries of every age.
    const skus = shelved.slice(0, 1 + Math.floor(tools.now() / 2_100)).map(({ sku }) => sku)
    // One of them is read by two customers at once.
    const wanted = [...skus, skus[i % skus.length] ?? ''].map((sku): Wanted => [sku, i % 40 === 39])
    const breach = crashOf(tools) ?? (await readAtOnce(tools, shop, wanted))
    if (breach !== undefined) return breach
    await tools.pass(readEveryMs)
  }
  return undefined
}

function phaseOf(phase: number, down: CacheState): Pick<ShelfState, 'get' | 'put'> {
  if (phase % 2 === 0) return { get: 'works', put: 'works' }
  const kind = (phase - 1) / 2
  return {
    get: kind % 3 === 1 ? 'works' : down,
    put: kind % 3 === 2 ? 'works' : down,
  }
}

const slowLoadMs = 300

async function freshDuringRead(tools: Tools, state: CacheState): Promise<Breach | undefined> {
  for (const first of [false, true]) {
    const shop = await createPriceShelf(tools, [{ sku: 'tea' }], slowLoadMs)
    Object.assign(shop.state, { get: state, put: state })
    const later = async (): Promise<Seen> => {
      await tools.sleep(slowLoadMs / 2)
      return await shop.read('tea', true)
    }
    const end = await tools.call(
      async () => await Promise.all([shop.read('tea', first), later()]),
      60_000,
    )
    if (end.how !== 'returned') throw new Error('a read of the probe did not end')
    // By now the cache has a price, and Postgres another one.
    await tools.pass(2_000)
    const last = await readAtOnce(tools, shop, [['tea', true]])
    const breach = end.value.find((one) => one.breach !== undefined)?.breach ?? last
    if (breach !== undefined) return breach
  }
  return crashOf(tools)
}

/** How long Postgres takes until it fails: a broken connection, a statement at its limit, a pool at its limit. */
const failsAfterMs = [0, 5, 1_000]

async function postgresFails(tools: Tools, state: CacheState): Promise<Breach | undefined> {
  for (const loadMs of failsAfterMs)
    for (const makeError of [...postgresErrors, ...errors.slice(0, 3)])
      for (const fresh of [false, true]) {
        const shop = await createPriceShelf(tools, [{ sku: 'tea', fromMs: -Infinity }], loadMs)
        Object.assign(shop.state, { get: state, put: state, postgresFails: makeError() })
        for (let i = 0; i < 3; i++) {
          const five = Array.from({ length: 5 }, (): Wanted => ['tea', fresh])
          const seen = await seeAtOnce(tools, shop, five)
          const lie = seen.find(({ breach }) => breach?.actual === 'no product')
          if (lie !== undefined)
            return {
              expected: `an error, or the product: Postgres has it, and fails with ${inWords(makeError())}`,
              actual: 'no product',
            }
          await tools.pass(100)
        }
        shop.state.postgresFails = undefined
        const breach = await foundSoon(tools, shop, fresh)
        if (breach !== undefined) return breach
      }
  return crashOf(tools)
}

/** Code may need a moment to find out that Postgres works again. */
async function foundSoon(
  tools: Tools,
  shop: PriceShelf,
  fresh: boolean,
): Promise<Breach | undefined> {
  let breach: Breach | undefined
  for (let second = 0; second < 10; second++) {
    breach = await readAtOnce(tools, shop, [['tea', fresh]])
    if (breach === undefined) return undefined
    await tools.pass(1_000)
  }
  return breach
}

/** Generous: no code needs as long as this to find out that Redis is down. */
const waitMaxMs = 100
const readsMeasured = 11

async function waits(
  tools: Tools,
  {
    fresh,
    ...state
  }: { readonly get: CacheState; readonly put: CacheState; readonly fresh: boolean },
): Promise<Breach | undefined> {
  const skus = Array.from({ length: readsMeasured }, (_, i) => `sku-${i}`)
  const shelved = skus.map((sku) => ({ sku }))
  const shop = await createPriceShelf(tools, shelved)
  Object.assign(shop.state, state)
  const waited: number[] = []
  // No product is in the cache, so each read writes it.
  for (const sku of skus) {
    const [seen] = await seeAtOnce(tools, shop, [[sku, fresh]])
    if (seen?.breach !== undefined) return seen.breach
    waited.push(Math.round((seen?.waitedMs ?? 0) - shop.loadMs))
    await tools.pass(readEveryMs / 5)
  }
  // The median: the first reads of an outage may find out that Redis is down.
  const median = waited.toSorted((a, b) => a - b)[Math.floor(readsMeasured / 2)] ?? 0
  if (median <= waitMaxMs) return crashOf(tools)
  return {
    expected: `most reads wait at most ${waitMaxMs} ms longer than for Postgres`,
    actual: `the median of ${readsMeasured} reads waited ${median} ms longer`,
  }
}

function crashOf(tools: Tools): Breach | undefined {
  if (tools.crash() === undefined) return undefined
  return {
    expected: 'an error of the cache affects no customer',
    actual: `the process ended with ${inWords(tools.crash())}`,
  }
}
