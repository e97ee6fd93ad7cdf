import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { readPostgres } from './read-postgres.ts'
import type { PostgresRequest } from './read-postgres.ts'

const schema = `
  CREATE TYPE mood AS ENUM ('idle', 'busy');
  CREATE TABLE kinds (
    id bigint PRIMARY KEY, price numeric(12, 2), exact numeric, payload jsonb, plain json, bytes bytea,
    mood mood, tags text[], counts integer[], at timestamptz, day date, gap interval, uid uuid,
    ratio double precision, yes boolean, nothing text, t text
  );
  INSERT INTO kinds VALUES (
    9007199254740993, 12.50, 0.1234567890123456789, '{"items": [{"sku": "tea"}], "none": []}', '{"a": 1}', '\\xdeadbeef',
    'busy', '{red,"a b"}', '{}', '2026-01-02 03:04:05.678+00', '2026-01-02', '1 day 2 hours',
    '00000000-0000-4000-8000-000000000001', 'NaN', true, null, 'a column with the name t'
  );
  CREATE TABLE many (n integer);
  INSERT INTO many SELECT generate_series(1, 11);
  CREATE TABLE pairs (a integer, b integer, PRIMARY KEY (b, a));
  CREATE SCHEMA billing;
  CREATE TABLE billing."Odd name" (id integer PRIMARY KEY);
  CREATE VIEW seen AS SELECT * FROM many;
  CREATE TABLE debits (id integer);
  CREATE TABLE credits (id integer);
`

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
  await withClient(async (client) => await client.query(schema))
}, 120_000)
afterAll(async () => await stores[Symbol.asyncDispose]())

async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: stores.databaseUrl })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const read = async (request: Partial<PostgresRequest> = {}) =>
  await readPostgres(stores.databaseUrl, { rowsMax: 10, statements: [], ...request })

test('every type has a value that is equal exactly when Postgres says so', async () => {
  const { tables } = await read({ tables: ['kinds'] })
  expect(tables['kinds']).toEqual({
    key: ['id'],
    rows: [
      {
        // Numbers that would lose digits stay text.
        id: '9007199254740993',
        price: 12.5,
        exact: '0.1234567890123456789',
        'payload.items[0].sku': 'tea',
        'payload.none': '[]',
        'plain.a': 1,
        bytes: '\\xdeadbeef',
        mood: 'busy',
        'tags[0]': 'red',
        'tags[1]': 'a b',
        counts: '[]',
        at: expect.stringMatching(/^2026-01-0\dT.*\.678[+-]/) as string,
        day: '2026-01-02',
        gap: '1 day 02:00:00',
        uid: '00000000-0000-4000-8000-000000000001',
        ratio: 'NaN',
        yes: true,
        nothing: null,
        t: 'a column with the name t',
      },
    ],
  })
})

test('a table with more rows than the bound is named, with a way to read a part of it', async () => {
  const { tables, unread } = await read()
  expect(tables['many']).toBeUndefined()
  expect(unread).toEqual({ many: expect.stringMatching(/^more than 10 rows\. .*where:/) as string })
  expect((await read({ rowsMax: 11 })).tables['many']?.rows).toHaveLength(11)
  const part = await read({ tables: ['many'], where: { many: 'n > 9' } })
  expect(part.tables['many']?.rows).toEqual([{ n: 10 }, { n: 11 }])
})

test('tables of other schemas, odd names and keys of several columns are read, views are not', async () => {
  const { tables } = await read()
  expect(Object.keys(tables).toSorted()).toEqual([
    'billing.Odd name',
    'credits',
    'debits',
    'kinds',
    'pairs',
  ])
  expect(tables['pairs']?.key.toSorted()).toEqual(['a', 'b'])
})

test('statements have one value each, from the same snapshot', async () => {
  const statements = [
    'SELECT count(*)::int FROM many',
    "SELECT 'x' WHERE false",
    `SELECT '{"a":1}'::jsonb`,
  ]
  expect((await read({ tables: [], statements })).values).toEqual([11, null, '{"a":1}'])
})

test('a write during the reading is seen in every table or in none', async () => {
  const writing = new AbortController()
  const writer = withClient(async (client) => {
    for (let id = 1; !writing.signal.aborted; id++)
      await client.query(
        `BEGIN; INSERT INTO debits VALUES (${id}); SELECT pg_sleep(0.001); INSERT INTO credits VALUES (${id}); COMMIT`,
      )
  })
  const counts: number[] = []
  try {
    await expect
      .poll(
        async () => {
          const { tables, values } = await read({
            tables: ['debits', 'credits'],
            rowsMax: 100_000,
            statements: ['SELECT count(*)::int FROM debits', 'SELECT count(*)::int FROM credits'],
          })
          const rows = tables['debits']?.rows.length ?? 0
          expect([tables['credits']?.rows.length, ...values]).toEqual([rows, rows, rows])
          counts.push(rows)
          return counts.length >= 10 && new Set(counts).size > 1
        },
        { timeout: 60_000, interval: 1 },
      )
      .toBe(true)
  } finally {
    writing.abort()
    await writer
  }
}, 90_000)
