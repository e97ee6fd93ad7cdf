import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createProcess } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { mishapAt } from './mishaps.ts'
import { Store } from './sql/store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const tools = {
  sleep: async (milliseconds: number) =>
    await new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)),
}
const callback = (): void => undefined

interface TakesCallbacks {
  query(sql: string, values: readonly unknown[], callback: () => void): Promise<unknown>
  connect(callback: () => void): Promise<unknown>
}

const insert = `INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ('tea', 'Tea', 450, 5, 5)`
const take = `UPDATE products SET stock = stock - 1 WHERE sku = 'tea'`

/** How a query ends within this time. */
async function endOf(query: Promise<unknown>, withinMs: number): Promise<unknown> {
  const end = Promise.race([
    query.then(
      (result) => (result as { rowCount: number }).rowCount,
      (error: unknown) => (error as { code?: string }).code ?? (error as Error).message,
    ),
    tools.sleep(withinMs).then(() => 'open'),
  ])
  await vi.advanceTimersByTimeAsync(withinMs)
  return await end
}

const start = (store: Store, intercept?: Intercept): FakeProcess =>
  createProcess(tools, store, intercept)

async function openShop(): Promise<{ readonly store: Store; readonly owner: FakeProcess }> {
  const store = new Store()
  const owner = start(store)
  expect(await endOf(owner.database.query(insert), 10)).toBe(1)
  return { store, owner }
}

async function openTransaction(process: FakeProcess) {
  const connecting = process.database.connect()
  await vi.advanceTimersByTimeAsync(5)
  const client = await connecting
  await endOf(client.query('BEGIN'), 5)
  return client
}

test('a statement waits for a lock for 600 ms', async () => {
  const { store, owner } = await openShop()
  const client = await openTransaction(owner)
  expect(await endOf(client.query(take), 5)).toBe(1)
  const late = start(store).database.query(take)
  expect(await endOf(late, 500)).toBe('open')
  expect(await endOf(late, 200)).toBe('55P03')
})

test('the server ends a transaction whose client sends nothing for 3 s', async () => {
  const { store, owner } = await openShop()
  const client = await openTransaction(owner)
  await endOf(client.query(take), 5)
  await vi.advanceTimersByTimeAsync(3_100)
  expect(await endOf(client.query('COMMIT'), 10)).toBe('Connection terminated unexpectedly')
  expect(store.committed('products')).toMatchObject([{ stock: 5 }])
  expect(await endOf(start(store).database.query(take), 10)).toBe(1)
})

test('the server rolls back what a dead process has not committed, and its calls never end', async () => {
  const { store, owner } = await openShop()
  const client = await openTransaction(owner)
  await endOf(client.query(take), 5)
  owner.kill()
  expect(await endOf(client.query('COMMIT'), 60_000)).toBe('open')
  expect(await endOf(start(store).database.query(take), 10)).toBe(1)
  expect(store.committed('products')).toMatchObject([{ stock: 4 }])
})

test('a pool has ten connections, and one that is not released is lost', async () => {
  const { owner } = await openShop()
  for (let i = 0; i < 10; i++) await openTransaction(owner)
  expect(owner.inUse).toBe(10)
  expect(await endOf(owner.database.query(take), 1_100)).toBe(
    'timeout exceeded when trying to connect',
  )
})

test('an unknown statement or method makes the probe undecided, even when the code catches the error', async () => {
  const { store } = await openShop()
  for (const use of [
    async ({ database }: FakeProcess) => await database.query('SELECT * FROM pg_locks'),
    async ({ database }: FakeProcess) => await database.query('SELECT pg_sleep(1)'),
    async ({ database }: FakeProcess) => await database.query('LISTEN prices'),
    async ({ database }: FakeProcess) =>
      await database.query('SELECT DISTINCT stock FROM products'),
    async ({ database }: FakeProcess) => await database.end(),
    async ({ database }: FakeProcess) =>
      await database.query({ text: 'SELECT 1', rowMode: 'array' }),
    async ({ database }: FakeProcess) => await database.query('BEGIN; SELECT 1'),
    async ({ database }: FakeProcess) =>
      await (database as unknown as TakesCallbacks).query('SELECT 1', [], callback),
    async ({ database }: FakeProcess) =>
      await (database as unknown as TakesCallbacks).connect(callback),
  ]) {
    const process = start(store)
    await endOf(use(process), 10)
    expect(process.undecided()).toBeDefined()
  }
  const known = start(store)
  await endOf(known.database.query('SELECT 1 / 0'), 10)
  expect(known.undecided()).toBeUndefined()
})

test.each([
  ['57014', '57014', 5],
  ['lost before', 'Connection terminated unexpectedly', 5],
  ['lost after', 'Connection terminated unexpectedly', 4],
  ['dies before', 'open', 5],
  ['dies after', 'open', 4],
  // Not possible in READ COMMITTED.
  ['40001', 1, 4],
] as const)('a statement meets the mishap %s', async (mishap, end, stock) => {
  const { store } = await openShop()
  const process = start(store, mishapAt(1, mishap))
  expect(await endOf(process.database.query(take), 100)).toBe(end)
  expect(store.committed('products')).toMatchObject([{ stock }])
})
