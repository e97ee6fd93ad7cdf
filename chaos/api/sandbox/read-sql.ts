import { Redis } from 'ioredis'
import { Client, DatabaseError } from 'pg'

import type { RedisReply, SqlRows } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { redisReplyText } from '#chaos/lib/redis/redis-reply-text.ts'
import { splitWords } from '#chaos/lib/redis/split-words.ts'

const rowsMax = 200
const replyLengthMax = 100_000
const connectWithinMs = 3_000
const replyWithinMs = 5_000

/**
 * Executes one statement that reads, through no link. A read-only transaction refuses writes, and the extended protocol
 * refuses a second statement, so no text can end the transaction. Only the first rows are read.
 */
export async function readSql(url: string, text: string, clock: Clock): Promise<SqlRows> {
  const statement = text.trim().replace(/;\s*$/, '')
  const first = /^[a-z]+/i.exec(statement)?.[0].toLowerCase() ?? ''
  if (!readingWords.has(first))
    throw new InputError(`This panel only reads, and "${first}" is not a statement that reads.`, {
      remedy: `Begin with ${[...readingWords].join(', ').toUpperCase()}. To write: unhappy sql`,
    })
  const client = new Client({
    connectionString: url,
    application_name: 'unhappy sql (page)',
    connectionTimeoutMillis: connectWithinMs,
    query_timeout: replyWithinMs,
    statement_timeout: replyWithinMs,
    types: { getTypeParser: () => (value: unknown) => value },
  })
  // Without a listener a killed Postgres would end the controller.
  client.on('error', () => undefined)
  const startedMs = clock.now()
  try {
    await client.connect()
    await client.query('BEGIN READ ONLY')
    const { fields, rows } = await rowsOf(client, statement, cursorWords.has(first))
    return {
      columns: fields.map(({ name }) => name),
      rows: rows.slice(0, rowsMax),
      more: rows.length > rowsMax,
      tookMs: Math.round(clock.now() - startedMs),
    }
  } catch (error) {
    throw refused('Postgres', error, error instanceof DatabaseError && !endsSession(error))
  } finally {
    await client.end()
  }
}

/** Postgres itself ends a session (57P01 to 57P05), refuses one (53300) or cannot start one: the text is not wrong. */
function endsSession({ code = '' }: DatabaseError): boolean {
  return /^(57P|53|08)/.test(code)
}

/** A cursor reads the first rows only. */
const cursorWords = new Set(['select', 'with', 'values', 'table'])
const readingWords = new Set([...cursorWords, 'explain', 'show'])

async function rowsOf(client: Client, statement: string, byCursor: boolean) {
  const text = byCursor ? `DECLARE page NO SCROLL CURSOR FOR ${statement}` : statement
  const query = { text, rowMode: 'array' as const, queryMode: 'extended' as const }
  const result = await client.query<(string | null)[]>(query)
  if (!byCursor) return result
  return await client.query<(string | null)[]>({
    text: `FETCH ${rowsMax + 1} FROM page`,
    rowMode: 'array',
  })
}

/** Executes one command that Redis itself marks as reading, through no link. */
export async function readRedis(url: string, text: string, clock: Clock): Promise<RedisReply> {
  const [command, ...words] = splitWords(text)
  if (command === undefined)
    throw new InputError('The command is empty.', { remedy: 'Type a command, for example KEYS *' })
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectWithinMs,
    commandTimeout: replyWithinMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: 'unhappy-redis-page',
  })
  redis.on('error', () => undefined)
  const startedMs = clock.now()
  try {
    await redis.connect()
    if (!(await isReading(redis, command)))
      throw new InputError(`This panel only reads, and ${command.toUpperCase()} can write.`, {
        remedy: 'Use a command that reads, such as GET, LRANGE or INFO. To write: unhappy redis',
      })
    const reply = redisReplyText(await redis.call(command, ...words))
    return {
      reply: reply.length > replyLengthMax ? `${reply.slice(0, replyLengthMax)}\n…` : reply,
      tookMs: Math.round(clock.now() - startedMs),
    }
  } catch (error) {
    throw refused('Redis', error, error instanceof Error && error.name === 'ReplyError')
  } finally {
    redis.disconnect()
  }
}

const statusCommands = new Set(['info', 'ping', 'time', 'role', 'lastsave'])

async function isReading(redis: Redis, command: string): Promise<boolean> {
  if (statusCommands.has(command.toLowerCase())) return true
  const [info] = (await redis.call('COMMAND', 'INFO', command)) as (readonly unknown[] | null)[]
  const flags = info?.[2] as readonly string[] | undefined
  // An unknown command cannot write. Redis responds with its own error.
  return info === null || flags?.includes('readonly') === true
}

/** `byStore`: the store responded with an error, so the text is wrong. Otherwise the store did not respond. */
function refused(store: string, error: unknown, byStore: boolean): InputError {
  if (error instanceof InputError) return error
  if (byStore) return new InputError(`${store}: ${messageOf(error)}`, { status: 422 })
  return new InputError(`${store} cannot be read: ${messageOf(error)}`, {
    remedy: 'Look at its state in the picture, and send it again.',
    status: 503,
  })
}
