import type { PriceDesk, PublishPrices } from '#services/worker/seams.ts'

import { Undecided } from '../contract-probe.ts'
import type { SeamContract } from '../contract-probe.ts'
import { createFakeRedis } from '../fakes/fake-redis.ts'
import { aliasIn, createRecordedDatabase } from '../fakes/recorded-database.ts'
import type { Reply } from '../fakes/recorded-database.ts'

const neverOlder = 'An older price never overwrites a newer one, however long a process was paused.'
const keepComing = 'And new prices keep coming, even when the holder of the lock is frozen or dead.'
/** As the lab's workers have them. */
const lockMs = 300
const everyMs = 100
const editionMs = 200
/** Longer than every lock and every transaction of the lab. */
const comesWithinMs = 20_000

export const publishPricesContract: SeamContract<PublishPrices> = {
  lab: 'zombie-lock',
  time: 'jumping',
  probes: [
    {
      name: 'the holder of the lock is frozen: another worker publishes',
      promise: keepComing,
      async run(tools) {
        const redis = createFakeRedis(tools)
        let frozen = false
        const holder = whileNot(() => frozen, redis.redis)
        const slow = createRecordedDatabase(tools, async (sql) => {
          frozen ||= /^UPDATE\s+products\b/i.test(sql)
          if (frozen) await new Promise<never>(() => undefined)
          return reply(sql, 1) ?? { rows: [], rowCount: 0 }
        })
        const quick = createRecordedDatabase(tools, (sql) => reply(sql, 1))
        const [first, second] = [await tools.load(), await tools.load()]
        await tools.call(async () => await first(deskOf(holder, slow.database, tools.now)), 100)
        for (let ms = 0; ms < comesWithinMs; ms += everyMs) {
          const end = await tools.call(
            async () => await second(deskOf(redis.redis, quick.database, tools.now)),
            everyMs,
          )
          if (end.how === 'returned' && end.value === 'published') return undefined
          await tools.pass(everyMs)
        }
        const unknown = redis.undecided() ?? quick.undecided()
        if (unknown !== undefined) throw unknown
        return {
          expected: `another worker publishes within ${comesWithinMs / 1_000} s (the lock lives for ${lockMs} ms)`,
          actual: 'no worker published',
        }
      },
    },
    {
      name: 'a fencing token is larger than all before it, even after Redis has lost its data',
      promise: `${neverOlder} ${keepComing}`,
      async run(tools) {
        const redis = createFakeRedis(tools)
        const tokens: bigint[] = []
        let next = 0
        const { database, undecided } = createRecordedDatabase(tools, (sql, values) => {
          const token = tokenIn(sql, values)
          if (token !== undefined) tokens.push(token)
          return reply(sql, (next += 1))
        })
        const publish = await tools.load()
        for (let round = 1; round <= 12; round++) {
          if (round === 7) redis.flush()
          await tools.call(
            async () => await publish(deskOf(redis.redis, database, tools.now)),
            10_000,
          )
          await tools.pass(1_000)
        }
        const unknown = redis.undecided() ?? undecided()
        if (unknown !== undefined) throw unknown
        const at = tokens.findIndex((token, i) => i > 0 && token <= (tokens[i - 1] ?? 0n))
        if (at === -1) return undefined
        return {
          expected: `a token larger than ${tokens[at - 1]}: the rows refuse every other one`,
          actual: `${tokens[at]}`,
        }
      },
    },
  ],
}

/** The connection of a process that freezes: from then on it sends nothing, also no renewal of its lock. */
function whileNot(isFrozen: () => boolean, redis: PriceDesk['redis']): PriceDesk['redis'] {
  return new Proxy(redis, {
    get: (target, name) => {
      const command: unknown = Reflect.get(target, name)
      if (typeof command !== 'function') return command
      return async (...given: unknown[]): Promise<unknown> => {
        if (isFrozen()) await new Promise<never>(() => undefined)
        return (await command(...given)) as unknown
      }
    },
  })
}

function deskOf(
  redis: PriceDesk['redis'],
  database: PriceDesk['database'],
  now: () => number,
): PriceDesk {
  return {
    redis,
    database,
    lockMs,
    readPriceList: async () => {
      const edition = 1_000 + Math.floor(now() / editionMs)
      return { edition, prices: [{ sku: 'tea', priceCents: 450 + (edition % 7) }] }
    },
  }
}

/** The number that the rows compare with the one they have: `price_fence < $4`. */
function tokenIn(sql: string, values: readonly unknown[]): bigint | undefined {
  if (!/^UPDATE\s+products\b/i.test(sql)) return undefined
  const [, place] = /\bprice_fence\s*<=?\s*\$(\d+)(?![\d\s]*[+*])/i.exec(sql) ?? []
  // With another condition, a row may accept the prices although the token is old.
  if (place === undefined || /\bOR\b/i.test(sql)) return undefined
  const value = values[Number(place) - 1]
  if (!/^\d+$/.test(String(value))) throw new Undecided('the fencing token is not a whole number')
  return BigInt(String(value))
}

/** Knows the sequence of the fences and changes of products. */
function reply(sql: string, next: number): Reply | undefined {
  if (/^SELECT\s+nextval\(/i.test(sql))
    return { rows: [{ [aliasIn(sql, 'nextval')]: String(next) }], rowCount: 1 }
  if (/^UPDATE\s+products\b/i.test(sql)) return { rows: [], rowCount: 7 }
  return undefined
}
