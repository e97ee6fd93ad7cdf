import type { Redis } from 'ioredis'

import { withRedis } from '#chaos/faults/lib/redis.ts'
import { redisReplyText } from '#chaos/lib/redis/redis-reply-text.ts'
import { splitWords } from '#chaos/lib/redis/split-words.ts'

import type { Row, Scalar, Table } from '../snapshot.ts'

export interface RedisRequest {
  /** With more keys, none is read. */
  readonly keysMax: number
  /** Commands whose reply is a value. */
  readonly statements: readonly string[]
}

export interface RedisContent {
  readonly tables: Readonly<Record<string, Table>>
  readonly unread: Readonly<Record<string, string>>
  readonly values: readonly Scalar[]
  /** Jobs that are not finished in the queues of BullMQ. */
  readonly pending: number
}

/** A table with a key of more entries is not read. The fields of a hash are one entry. */
const entriesMax = 200
const name = 'redis'
/** The id of any run, a number, a UUID or a long hexadecimal number: parts of a key that differ from run to run. */
const variable = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|.*o-[a-z0-9]+-\d{3,}.*)$/i

/** Reads all keys of a Redis past every link. The internal keys of BullMQ become one number: its unfinished jobs. */
export async function readRedis(url: string, request: RedisRequest): Promise<RedisContent> {
  return await withRedis(url, async (redis) => {
    const keys = await keysOf(redis, request.keysMax)
    const values: Scalar[] = []
    for (const statement of request.statements) values.push(await valueOf(redis, statement))
    if (keys === undefined)
      return {
        tables: {},
        unread: { [name]: `more than ${request.keysMax} keys` },
        values,
        pending: 0,
      }
    const queues = keys.filter(
      (key) => key.endsWith(':meta') && keys.includes(`${key.slice(0, -4)}id`),
    )
    const prefixes = queues.map((key) => key.slice(0, -4))
    const own = keys.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
    const tables: Record<string, { key: string[]; rows: Row[]; expires?: true }> = {}
    const unread: Record<string, string> = {}
    for (const key of own) {
      const { rows, expires } = await readKey(redis, key)
      const group = tableOf(key)
      const table = (tables[group] ??= { key: ['key', 'entry'], rows: [] })
      table.rows.push(...rows)
      if (rows.length > entriesMax) unread[group] = `${key} has more than ${entriesMax} entries`
      if (expires) table.expires = true
    }
    for (const group of Object.keys(unread)) delete tables[group]
    return { tables, unread, values, pending: await pendingIn(redis, prefixes) }
  })
}

async function keysOf(redis: Redis, keysMax: number): Promise<readonly string[] | undefined> {
  const keys = new Set<string>()
  let cursor = '0'
  do {
    const [next, page] = await redis.scan(cursor, 'COUNT', 1_000)
    cursor = next
    for (const key of page) keys.add(key)
    if (keys.size > keysMax) return undefined
  } while (cursor !== '0')
  return [...keys].toSorted()
}

/** `redis cart:*`: keys that differ only in their variable parts. */
function tableOf(key: string): string {
  return `${name} ${key
    .split(':')
    .map((part) => (variable.test(part) ? '*' : part))
    .join(':')}`
}

async function readKey(
  redis: Redis,
  key: string,
): Promise<{ readonly rows: readonly Row[]; readonly expires: boolean }> {
  const [type, ttl] = await Promise.all([redis.type(key), redis.pttl(key)])
  const rows = (entries: Readonly<Record<string, unknown>>[]): readonly Row[] =>
    entries.map((entry) => ({ key, type, ...entry }))
  const read = async (): Promise<readonly Row[]> => {
    switch (type) {
      case 'string':
        return rows([{ value: numberOr(await redis.get(key)) }])
      case 'hash': {
        const fields = Object.entries(await redis.hgetall(key))
        return rows([Object.fromEntries(fields.map(([field, value]) => [field, numberOr(value)]))])
      }
      case 'list': {
        const seen = new Map<string, number>()
        const items = await redis.lrange(key, 0, entriesMax)
        // A position would change with each new item.
        return rows(
          items.map((value) => {
            const times = (seen.get(value) ?? 0) + 1
            seen.set(value, times)
            return { entry: times === 1 ? value : `${value} (${times})` }
          }),
        )
      }
      case 'set':
        return rows((await redis.smembers(key)).map((entry) => ({ entry })))
      case 'zset':
        return rows((await redis.zrange(key, '0', String(entriesMax))).map((entry) => ({ entry })))
      case 'stream': {
        const items = await redis.xrevrange(key, '+', '-', 'COUNT', entriesMax + 1)
        return rows(items.map(([entry, fields]) => ({ entry, value: fields.join(' ') })))
      }
      default:
        // The key has expired, or a module has its own type.
        return type === 'none' ? [] : rows([{}])
    }
  }
  return { rows: await read(), expires: ttl > 0 }
}

function numberOr(text: string | null): Scalar {
  return text !== null && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

async function pendingIn(redis: Redis, prefixes: readonly string[]): Promise<number> {
  let pending = 0
  for (const prefix of prefixes) {
    for (const list of ['wait', 'paused', 'active']) {
      const jobs = await redis.lrange(`${prefix}${list}`, '0', '-1')
      // A marker is not a job.
      pending += jobs.filter((job) => !job.startsWith('0:')).length
    }
    for (const set of ['delayed', 'prioritized', 'waiting-children']) {
      // Repeated jobs wait for their next time, with or without a flow.
      const jobs = await redis.zrange(`${prefix}${set}`, '0', '-1')
      pending += jobs.filter((job) => !job.startsWith('repeat:')).length
    }
  }
  return pending
}

async function valueOf(redis: Redis, statement: string): Promise<Scalar> {
  const [command = '', ...args] = splitWords(statement)
  const reply: unknown = await redis.call(command, ...args)
  if (reply === null || typeof reply === 'number') return reply
  return typeof reply === 'string' ? reply : redisReplyText(reply)
}
