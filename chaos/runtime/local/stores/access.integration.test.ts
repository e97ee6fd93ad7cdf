import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '../testing/test-stores.ts'
import type { TestStores } from '../testing/test-stores.ts'

// Every user of the machine reaches the ports of the stores. They hold invented data, and must not run programs as us.
let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
})
afterAll(async () => stores?.[Symbol.asyncDispose]())

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}

test.for([
  "COPY (SELECT 1) TO PROGRAM 'id'",
  "COPY (SELECT 1) TO '/tmp/unhappy-path-test'",
  "SELECT pg_read_file('/etc/hostname')",
  "SELECT lo_export(1, '/tmp/unhappy-path-test')",
  'ALTER ROLE shop SUPERUSER',
])('Postgres refuses %s', async (sql) => {
  await expect(query(stores.databaseUrl, sql)).rejects.toMatchObject({ code: '42501' })
})

test('Postgres refuses its superuser', async () => {
  const url = stores.serviceDatabaseUrl.replace('shop:shop@', 'postgres:postgres@')
  await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: '28000' })
})

test.for([
  ['CONFIG', 'SET', 'dir', '/tmp'],
  ['CONFIG', 'GET', 'dir'],
  ['MODULE', 'LOAD', '/x.so'],
])('Redis has no command %j', async ([command = '', ...args]) => {
  const redis = new Redis(stores.redisUrl)
  try {
    await expect(redis.call(command, ...args)).rejects.toThrow(/unknown command/)
  } finally {
    redis.disconnect()
  }
})
