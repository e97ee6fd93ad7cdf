import { withRedis } from '#chaos/faults/lib/redis.ts'
import { redisReplyText } from '#chaos/lib/redis/redis-reply-text.ts'
import { splitWords } from '#chaos/lib/redis/split-words.ts'

import type { Row, Scalar, Table } from '../snapshot.ts'
import { readEverything } from './read-everything.ts'

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
  /** Jobs that are not finished in the queues of BullMQ and Bull. */
  readonly pending: number
}

/** A table with a key of more entries is not read. */
const entriesMax = 200
/** The fields of a hash are one entry. */
const fieldsMax = 1_000
const name = 'redis'
/** The id of any run, a number, a UUID, a long hexadecimal number or a random text: parts of a key that differ from run to run. */
const variable =
  /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|(?=.*\d)(?=.*[a-z])[\w-]{20,}|.*o-[a-z0-9]+-\d{3,}.*)$/i

/** A key as the script returns it. Content: null if there is too much of it, or if a module has its own type. */
type Found = readonly [
  key: string,
  type: string,
  ttlMs: number,
  size: number,
  content: string | readonly unknown[] | null,
]

/**
 * Reads all keys of a Redis in one transaction, past every link. The internal keys of BullMQ and Bull become one number: their
 * unfinished jobs.
 */
export async function readRedis(url: string, request: RedisRequest): Promise<RedisContent> {
  const { keysMax, statements } = request
  const replies = await withRedis(url, async (redis) => {
    const transaction = redis.multi().eval(readEverything, 0, keysMax, entriesMax, fieldsMax)
    for (const statement of statements) {
      const [command = '', ...args] = splitWords(statement)
      transaction.call(command, ...args)
    }
    return (await transaction.exec()) ?? []
  })
  const [all, ...values] = replies.map(([error, reply], at) => {
    if (error === null) return reply
    const what = at === 0 ? 'the script that reads all keys' : `"${statements[at - 1]}"`
    throw new Error(`Redis refused ${what}: ${error.message}`, { cause: error })
  })
  const [count, pending, found] = all as [number, number, readonly Found[]]
  const isRead = count <= keysMax
  return {
    ...(isRead ? tablesOf(found) : { tables: {}, unread: { [name]: `more than ${keysMax} keys` } }),
    values: values.map(valueOf),
    pending,
  }
}

function tablesOf(found: readonly Found[]): Pick<RedisContent, 'tables' | 'unread'> {
  const tables: Record<string, { key: string[]; rows: Row[]; expires?: true }> = {}
  const unread: Record<string, string> = {}
  for (const one of found) {
    const [key, type, ttlMs, size] = one
    const group = tableOf(key)
    const table = (tables[group] ??= { key: ['key', 'entry'], rows: [] })
    const [max, what] = type === 'hash' ? [fieldsMax, 'fields'] : [entriesMax, 'entries']
    if (size > max) unread[group] = `${key} has more than ${max} ${what}`
    else table.rows.push(...entriesOf(one).map((entry): Row => ({ key, type, ...entry })))
    if (ttlMs > 0) table.expires = true
  }
  for (const group of Object.keys(unread)) delete tables[group]
  return { tables, unread }
}

/** `redis cart:*`: keys that differ only in their variable parts. */
function tableOf(key: string): string {
  return `${name} ${key
    .split(':')
    .map((part) => (variable.test(part) ? '*' : part))
    .join(':')}`
}

function entriesOf([, type, , , content]: Found): readonly Row[] {
  if (typeof content === 'string') return [{ value: numberOr(content) }]
  const items = (content ?? []) as readonly string[]
  switch (type) {
    case 'hash':
      return [
        Object.fromEntries(
          items.flatMap((field, at) =>
            at % 2 === 0 ? [[field, numberOr(items[at + 1] ?? null)]] : [],
          ),
        ),
      ]
    case 'list': {
      const seen = new Map<string, number>()
      // A position would change with each new item.
      return items.map((value) => {
        const times = (seen.get(value) ?? 0) + 1
        seen.set(value, times)
        return { entry: times === 1 ? value : `${value} (${times})` }
      })
    }
    case 'set':
    case 'zset':
      return items.map((entry) => ({ entry }))
    case 'stream':
      return (content as readonly [string, readonly string[]][]).map(([entry, fields]) => ({
        entry,
        value: fields.join(' '),
      }))
    default:
      // A module has its own type.
      return [{}]
  }
}

function numberOr(text: string | null): Scalar {
  return text !== null && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

function valueOf(reply: unknown): Scalar {
  if (reply === null || typeof reply === 'number') return reply
  return typeof reply === 'string' ? reply : redisReplyText(reply)
}
