import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { readRedis, readSql } from './read-sql.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
  const client = new Client({ connectionString: stores.databaseUrl })
  await client.connect()
  await client.query('CREATE TABLE things (id integer, name text)')
  await client.query("INSERT INTO things SELECT n, 'thing ' || n FROM generate_series(1, 300) n")
  await client.end()
  const redis = new Redis(stores.redisUrl)
  await redis.rpush('list', 'a', 'b')
  redis.disconnect()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

const sql = async (text: string) => await readSql(stores.databaseUrl, text, systemClock)
const redis = async (text: string) => await readRedis(stores.redisUrl, text, systemClock)

test('rows have the values as Postgres writes them, and NULL is null', async () => {
  expect(await sql('SELECT id, name, NULL AS none FROM things ORDER BY id LIMIT 1;')).toMatchObject(
    { columns: ['id', 'name', 'none'], rows: [['1', 'thing 1', null]], more: false },
  )
  expect((await sql('SHOW transaction_read_only')).rows).toEqual([['on']])
  expect((await sql('EXPLAIN SELECT * FROM things')).rows[0]?.[0]).toContain('Seq Scan on things')
})

test('only the first rows are read', async () => {
  const { rows, more } = await sql('SELECT * FROM things')
  expect({ rows: rows.length, more }).toEqual({ rows: 200, more: true })
})

test.each([
  ['DELETE FROM things', 400],
  ['COMMIT', 400],
  ['WITH gone AS (DELETE FROM things RETURNING id) SELECT * FROM gone', 422],
  ['EXPLAIN ANALYZE DELETE FROM things', 422],
  ['SELECT 1; DELETE FROM things', 422],
  ['SELECT * FROM nothing', 422],
])('%s is refused with status %i and changes nothing', async (statement, status) => {
  await expect(sql(statement)).rejects.toMatchObject({ status })
  expect((await sql('SELECT count(*) FROM things')).rows).toEqual([['300']])
})

test('a session that Postgres ends is a 503: the text is not wrong', async () => {
  await expect(sql('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
    status: 503,
  })
})

test('a command that reads has the reply of redis-cli', async () => {
  expect(await redis('LRANGE list 0 -1')).toMatchObject({ reply: '1) a\n2) b' })
  expect((await redis('INFO server')).reply).toContain('redis_version')
})

test.each([
  ['DEL list', 400],
  ['FLUSHALL', 400],
  ["EVAL \"return redis.call('DEL', 'list')\" 0", 400],
  ['NOCOMMAND', 422],
  ['GET list', 422],
])('%s is refused with status %i and changes nothing', async (command, status) => {
  await expect(redis(command)).rejects.toMatchObject({ status })
  expect((await redis('LLEN list')).reply).toBe('(integer) 2')
})

test('a store that does not respond is a 503', async () => {
  await expect(
    readSql('postgres://x:x@127.0.0.1:1/x', 'SELECT 1', systemClock),
  ).rejects.toMatchObject({
    status: 503,
  })
  await expect(readRedis('redis://127.0.0.1:1', 'PING', systemClock)).rejects.toMatchObject({
    status: 503,
  })
})
