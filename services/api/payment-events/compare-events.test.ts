import { expect, test } from 'vitest'

import type { Database } from '#services/lib/database.ts'

import { createEventComparison } from './compare-events.ts'

const log = { info: () => undefined, warn: () => undefined } as never

const listed = (count: number, at = '2026-01-05T10:00:00.000Z') =>
  Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    id: `ev_${i + 1}`,
    type: 'charge.captured' as const,
    chargeId: `ch_${i + 1}`,
    orderId: `o-${i + 1}.aaaaaa`,
    amountCents: 100,
    sequence: 1,
    at,
  }))

test("an event is young by the shop's clock: that of payments may be ahead", async () => {
  const received: string[] = []
  let nowMs = 0
  const compare = createEventComparison({
    payments: {
      eventsAfter: async () => ({ events: listed(1, '2999-01-01T00:00:00.000Z'), isLast: true }),
    },
    database: { query: async () => ({ rows: [] }) } as unknown as Database,
    receive: async ({ id }) => void received.push(id),
    log,
    afterMs: 1_000,
    now: () => nowMs,
  })
  await compare()
  nowMs = 999
  await compare()
  expect(received).toEqual([])
  nowMs = 1_000
  await compare()
  expect(received).toEqual(['ev_1'])
})

test('an event that can never be received does not hide later ones, however many there are', async () => {
  const events = listed(25)
  const recorded = new Set<string>()
  const compare = createEventComparison({
    // A page has one event.
    payments: {
      eventsAfter: async (number) => ({
        events: events.slice(number, number + 1),
        isLast: number + 1 >= events.length,
      }),
    },
    database: {
      query: async (_sql: string, [ids]: [readonly string[]]) => ({
        rows: ids.filter((id) => recorded.has(id)).map((id) => ({ id })),
      }),
    } as unknown as Database,
    receive: async ({ id }) => {
      if (id === 'ev_1') throw new Error('never')
      recorded.add(id)
    },
    log,
    afterMs: 0,
    now: () => 0,
  })
  for (let round = 0; round < 3; round++) await compare()
  expect(recorded.size).toBe(24)
})
