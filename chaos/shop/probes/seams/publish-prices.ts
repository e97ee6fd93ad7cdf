import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

import { Undecided } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { throwUnknown } from '../fakes/fake-process.ts'
import { createFakeRedis } from '../fakes/fake-redis.ts'
import { createFreezer, createPriceShop, createPriceWorker } from '../fakes/price-workers.ts'
import type { Fate, PriceShop } from '../fakes/price-workers.ts'
import { commitMs } from '../fakes/sql/session.ts'

const keepComing = 'And new prices keep coming, even when the holder of the lock is frozen or dead.'
const anyPause =
  'It does not matter how long a process was paused, at which line, and how late its messages arrive.'
const losesAll =
  'Both stay true when Redis loses all its data. If a number decides which write is newer, it is larger than every earlier number, even after Redis loses its data.'
const together = 'The prices of one list are published together.'
/** More calls than one round has, to Redis, to Postgres and for the list. */
const callsMax = 9
/** Shorter than the lock, longer, and longer than every limit of the server. */
const pausesMs = [250, 1_500, 10_000]
/** Longer than every lock and every transaction of the lab. */
const comesWithinMs = 20_000

export const publishPricesContract: SeamContract<PublishPrices> = {
  lab: 'zombie-lock',
  time: 'jumping',
  probes: [
    {
      name: 'the holder of the lock is frozen at any of its calls: another worker publishes',
      promise: keepComing,
      run: async (tools) => await publishesMeanwhile(tools),
    },
    {
      name: 'a round fails at any of its calls: new prices keep coming',
      promise: keepComing,
      run: async (tools) => await publishesAfterFailure(tools),
    },
    {
      name: 'a worker is paused at any of its calls: no price goes back',
      promise: anyPause,
      run: async (tools) => await pauses(tools, false),
    },
    {
      name: 'a worker is paused, and Redis loses its data: no price goes back',
      promise: losesAll,
      run: async (tools) => await pauses(tools, true),
    },
    {
      name: 'a late statement arrives while another worker has written and not committed',
      promise: anyPause,
      run: async (tools) => await arrivesInTheMiddle(tools),
    },
    {
      name: 'customers see the prices of one list, even when an order holds a product',
      promise: together,
      run: async (tools) => await seesOneList(tools),
    },
    {
      name: 'a fencing token is larger than all before it, even after Redis has lost its data',
      promise: losesAll,
      run: async (tools) => await tokensGrow(tools),
    },
  ],
}

async function publishesMeanwhile(tools: ProbeTools<PublishPrices>): Promise<Breach | undefined> {
  for (let at = 1; at <= callsMax; at++)
    for (const when of ['before', 'after'] as const) {
      const { shop, first, second } = await startTwo(tools, createFreezer(at, when).fate)
      await tools.call(async () => await first.publish(), 200)
      const before = shop.published
      for (let ms = 0; ms < comesWithinMs && shop.published === before; ms += 250) {
        await tools.call(async () => await second.publish(), 100)
        await tools.pass(150)
      }
      throwUnknown(first, second)
      if (shop.published === before) return notPublished(at)
    }
  return undefined
}

const notPublished = (at: number): Breach => ({
  expected: `a newer price within ${comesWithinMs / 1_000} s, although call ${at} of a worker never returned`,
  actual: 'no worker published',
})

async function publishesAfterFailure(
  tools: ProbeTools<PublishPrices>,
): Promise<Breach | undefined> {
  for (let at = 1; at <= callsMax; at++)
    for (const when of ['before', 'after'] as const) {
      const { shop, first, second } = await startTwo(tools, async ({ number, run }) => {
        if (number !== at) return await run()
        if (when === 'after') await run()
        throw new Error('Connection terminated unexpectedly')
      })
      const breach = await comesAgain(tools, shop, first, second)
      throwUnknown(first, second)
      if (breach !== undefined) return breach
    }
  return undefined
}

type Worker = Awaited<ReturnType<typeof createPriceWorker>>

/** The first round fails. Then both workers go on. */
async function comesAgain(
  tools: ProbeTools<PublishPrices>,
  shop: PriceShop,
  first: Worker,
  second: Worker,
): Promise<Breach | undefined> {
  await tools.call(async () => await first.publish(), 1_000)
  await tools.pass(1_000)
  const before = shop.published
  for (let ms = 0; ms < comesWithinMs && shop.published === before; ms += 500) {
    await tools.call(async () => await second.publish(), 100)
    await tools.call(async () => await first.publish(), 100)
    await tools.pass(300)
  }
  if (shop.published > before) return undefined
  return {
    expected: `a newer price within ${comesWithinMs / 1_000} s after a round that failed`,
    actual: 'no worker published',
  }
}

/** One worker is paused at each of its calls in turn, for a while. The other one publishes meanwhile. */
async function pauses(
  tools: ProbeTools<PublishPrices>,
  losesData: boolean,
): Promise<Breach | undefined> {
  for (let at = 1; at <= callsMax; at++)
    for (const when of ['before', 'after'] as const)
      for (const pauseMs of pausesMs) {
        const freezer = createFreezer(at, when)
        const { shop, redis, first, second } = await startTwo(tools, freezer.fate)
        // The first list is published. So there is something to overwrite.
        await tools.call(async () => await second.publish(), 1_000)
        let isOver = false
        first.run(100, () => isOver)
        await tools.pass(50)
        if (losesData) redis.flush()
        second.run(pauseMs / 10, () => isOver)
        await tools.pass(pauseMs - 50)
        isOver = true
        freezer.thaw()
        await tools.pass(2_000)
        throwUnknown(first, second)
        if (shop.breach?.kind === 'went back') return shop.breach.what
      }
  return undefined
}

async function arrivesInTheMiddle(tools: ProbeTools<PublishPrices>): Promise<Breach | undefined> {
  for (let at = 1; at <= callsMax; at++) {
    const gate = Promise.withResolvers<true>()
    const shop = await createPriceShop(tools)
    const redis = createFakeRedis(tools)
    let late = 0
    const first = await createPriceWorker(tools, shop, redis, undefined, async (statement) => {
      if ((late += 1) !== at) return await statement.run()
      await gate.promise
      return await statement.arrive()
    })
    const second = await createPriceWorker(tools, shop, redis, undefined, async (statement) => {
      // A message takes 1 ms, so this is after the statement and before its COMMIT.
      if (/\bUPDATE\s+products\b/i.test(statement.sql))
        void tools.sleep(commitMs).then(() => gate.resolve(true))
      return await statement.run()
    })
    void first.publish()
    await tools.pass(1_000)
    await tools.call(async () => await second.publish(), 5_000)
    gate.resolve(true)
    await tools.pass(5_000)
    throwUnknown(first, second)
    if (shop.breach?.kind === 'went back') return shop.breach.what
  }
  return undefined
}

async function seesOneList(tools: ProbeTools<PublishPrices>): Promise<Breach | undefined> {
  for (const orderMs of [0, 400]) {
    const { shop, first, second } = await startTwo(tools)
    for (const worker of [first, second, first]) {
      if (orderMs > 0) void shop.order(orderMs)
      await tools.pass(10)
      await tools.call(async () => await worker.publish(), 5_000)
      await tools.pass(1_000)
    }
    throwUnknown(first, second)
    if (shop.breach?.kind === 'mixed') return shop.breach.what
  }
  return undefined
}

async function tokensGrow(tools: ProbeTools<PublishPrices>): Promise<Breach | undefined> {
  const shop = await createPriceShop(tools)
  const redis = createFakeRedis(tools)
  let sent: readonly Token[] = []
  const worker = await createPriceWorker(
    tools,
    shop,
    redis,
    undefined,
    async ({ sql, values, run }) => {
      const token = tokenIn(sql.trim(), values)
      if (token !== undefined) sent = [...sent, token]
      return await run()
    },
  )
  let largest = -1n
  for (let round = 1; round <= 12; round++) {
    if (round === 7) redis.flush()
    sent = []
    await tools.call(async () => await worker.publish(), 10_000)
    await tools.pass(1_000)
    throwUnknown(worker)
    // The statements of one round may have the same token: an UPDATE for each product.
    const refused = sent.find(({ number, refusesSame }) =>
      refusesSame ? number <= largest : number < largest,
    )
    if (refused !== undefined)
      return {
        expected: `a token larger than ${largest}: the rows refuse every other one`,
        actual: `${refused.number}`,
      }
    for (const { number } of sent) if (number > largest) largest = number
  }
  return undefined
}

/** A fencing token, and whether a row with the same token refuses it. */
interface Token {
  readonly number: bigint
  readonly refusesSame: boolean
}

/** The number that the rows compare with the one they have: `price_fence < $4`. */
function tokenIn(sql: string, values: readonly unknown[]): Token | undefined {
  if (!/^UPDATE\s+products\b/i.test(sql)) return undefined
  const [, operator, place] = /\bprice_fence\s*(<=?)\s*\$(\d+)(?![\d\s]*[+*])/i.exec(sql) ?? []
  // With another condition, a row may accept the prices although the token is old.
  if (place === undefined || /\bOR\b/i.test(sql)) return undefined
  const value = values[Number(place) - 1]
  if (!/^\d+$/.test(String(value))) throw new Undecided('the fencing token is not a whole number')
  return { number: BigInt(String(value)), refusesSame: operator === '<' }
}

async function startTwo(
  tools: ProbeTools<PublishPrices>,
  fate?: Fate,
): Promise<{
  readonly shop: PriceShop
  readonly redis: ReturnType<typeof createFakeRedis>
  readonly first: Worker
  readonly second: Worker
}> {
  const shop = await createPriceShop(tools)
  const redis = createFakeRedis(tools)
  const first = await createPriceWorker(tools, shop, redis, fate)
  const second = await createPriceWorker(tools, shop, redis)
  return { shop, redis, first, second }
}
