import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'

import { prepareDatabase } from './prepare.ts'
import { safetyNetNames } from './safety-nets.ts'

let stores: ShopStores
beforeAll(async () => {
  stores = openShopStores(await startTestStores())
})
afterAll(async () => await stores[Symbol.asyncDispose]())

const constraints = async (): Promise<readonly string[]> => {
  const { rows } = await stores.database.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE conname LIKE 'net\\_%' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

test('every net of the schema is in the list, and can be turned off', async () => {
  await prepareDatabase(stores.databaseUrl)
  const all = safetyNetNames.filter((name) => name.startsWith('net_')).toSorted()
  expect(await constraints()).toEqual(all)
  await prepareDatabase(stores.databaseUrl, { netsOff: safetyNetNames })
  expect(await constraints()).toEqual([])
  await prepareDatabase(stores.databaseUrl)
  expect(await constraints()).toEqual(all)
})

test('sets the stock, and unknown names are errors', async () => {
  await prepareDatabase(stores.databaseUrl, { stock: { limited: 3 } })
  const { rows } = await stores.database.query(
    `SELECT stock, initial_stock FROM products WHERE sku = 'limited'`,
  )
  expect(rows).toEqual([{ stock: 3, initial_stock: 3 }])
  const wrongStock = prepareDatabase(stores.databaseUrl, { stock: { limitd: 3 } })
  await expect(wrongStock).rejects.toThrow('"limitd"')
  const wrongNet = prepareDatabase(stores.databaseUrl, { netsOff: ['net_none'] })
  await expect(wrongNet).rejects.toThrow('"net_none"')
})

test('a lock of an abandoned transaction does not block it', async () => {
  await prepareDatabase(stores.databaseUrl)
  const forgotten = await stores.database.connect()
  forgotten.on('error', () => {})
  await forgotten.query('BEGIN')
  await forgotten.query('SELECT 1 FROM products')
  await prepareDatabase(stores.databaseUrl)
  await expect(forgotten.query('SELECT 1')).rejects.toThrow(/terminat|queryable/)
  forgotten.release(true)
})
