import { expect, test } from 'vitest'

import type { PlannedLoad } from '#chaos/contracts/system/workload.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { planLoad } from './plan-load.ts'
import { shopWorkload } from './workload.ts'

const workload = shopWorkload.traffic?.({
  rates: { 'place-order': 10, 'read-order': 10 },
  durationMs: 2_000,
} as never)

function loadWith(readsAmongNewest?: number): PlannedLoad {
  if (workload === undefined) throw new Error('no workload')
  return planLoad(
    { ...workload, ...(readsAmongNewest === undefined ? {} : { readsAmongNewest }) },
    createRandom(1),
    '7f',
  )
}

const read = { kind: 'read-order', atMs: 1, sku: 'tea', quantity: 1, customer: 'c', tags: [] }
const startRead = (load: PlannedLoad, draw: number) => load.start({ ...read, draw } as never)

function place(load: PlannedLoad, orderId: string, position?: string): void {
  const order = { ...read, kind: 'place-order', key: orderId, draw: 0 }
  const started = load.start(order)
  const attempt = { instance: 'api-1', startMs: 0, endMs: 1, status: 201 }
  started?.read?.(attempt, { orderId }, position === undefined ? {} : { 'x-position': position })
  load.onEnd?.({ ...order, id: 1, outcome: 'ok', orderId, attempts: [attempt] } as never)
}

test('a read sends the position that the client has received with the last response', () => {
  const load = loadWith()
  place(load, 'o-7f-1.aa', '0/10')
  const first = startRead(load, 0)
  expect(first?.request.headers).toMatchObject({ 'x-position': '0/10' })
  const attempt = { instance: 'api-1', startMs: 2, endMs: 3, status: 200 }
  const body = { orderId: 'o-7f-1.aa', status: 'placed' }
  expect(first?.read?.(attempt, body, { 'x-position': '0/20' })).toMatchObject({ position: '0/10' })
  load.onEnd?.({ kind: 'read-order', outcome: 'ok', orderId: 'o-7f-1.aa' } as never)
  expect(startRead(load, 0)?.request.headers).toMatchObject({ 'x-position': '0/20' })
})

test('without a position a read sends none', () => {
  const load = loadWith()
  place(load, 'o-7f-1.aa')
  expect(startRead(load, 0)?.request.headers).not.toHaveProperty('x-position')
})

test('an order is read again only after the last read of it has ended', () => {
  const load = loadWith()
  place(load, 'o-7f-1.aa')
  expect(startRead(load, 0)?.request.path).toBe('/orders/o-7f-1.aa')
  expect(startRead(load, 0)).toBeUndefined()
})

test('reads can be limited to the orders that were placed last', () => {
  const load = loadWith(2)
  for (const number of [1, 2, 3, 4]) place(load, `o-7f-${number}.aa`)
  const paths = [startRead(load, 0), startRead(load, 0.99)].map((one) => one?.request.path)
  expect(paths).toEqual(['/orders/o-7f-3.aa', '/orders/o-7f-4.aa'])
})
