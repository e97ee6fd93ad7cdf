import { expect, test } from 'vitest'

import { idleAfterMs, watchOutbox } from './watch-outbox.ts'

const pollMs = 100

test('an idle relay sends at most two statements a second', async () => {
  const shop = openShop()
  await shop.relayFor(idleAfterMs + pollMs)
  const before = shop.statements.length
  await shop.relayFor(60_000)
  expect(shop.statements.length - before).toBeLessThanOrEqual(120)
})

test('the relay polls for 30 s after a message, and waits in Postgres afterwards', async () => {
  const shop = openShop()
  await shop.relayFor(idleAfterMs - pollMs)
  expect(shop.waits()).toBe(0)
  await shop.relayFor(10_000)
  const before = shop.waits()
  expect(before).toBeGreaterThan(0)
  shop.message = true
  await shop.relayFor(pollMs)
  shop.message = false
  const woken = shop.waits()
  await shop.relayFor(idleAfterMs - 2 * pollMs)
  expect(shop.waits()).toBe(woken)
  await shop.relayFor(10_000)
  expect(shop.waits()).toBeGreaterThan(woken)
})

test('a relay that is slower than the wait never waits in Postgres', async () => {
  const shop = openShop({ pollMs: 10_000 })
  await shop.relayFor(20 * idleAfterMs)
  expect(shop.waits()).toBe(0)
})

test('the wait stays below every timeout of a statement', async () => {
  const shop = openShop({ timeoutsMs: [0, 300, 700] })
  await shop.relayFor(2 * idleAfterMs)
  expect(shop.statements.at(-1)?.values).toEqual([pollMs, 210])
})

test('after an error the relay polls again', async () => {
  const shop = openShop()
  await shop.relayFor(2 * idleAfterMs)
  shop.down = true
  await shop.relayFor(pollMs)
  shop.down = false
  const before = shop.waits()
  await shop.relayFor(idleAfterMs - 2 * pollMs)
  expect(shop.waits()).toBe(before)
})

function openShop(options: { pollMs?: number; timeoutsMs?: readonly number[] } = {}) {
  const { pollMs: everyMs = pollMs, timeoutsMs = [800, 1_000] } = options
  let nowMs = 0
  const statements: { readonly text: string; readonly values: readonly number[] }[] = []
  const query = async (text: string, values: readonly number[] = []) => {
    statements.push({ text, values })
    if (shop.down) throw new Error('no connection')
    const [, longestMs] = values
    if (longestMs === undefined) return { rowCount: shop.message ? 1 : 0, rows: [] }
    if (!shop.message) nowMs += longestMs
    return { rowCount: 1, rows: [{ found: shop.message }] }
  }
  const outbox = watchOutbox({
    database: { query } as unknown as Parameters<typeof watchOutbox>[0]['database'],
    pollMs: everyMs,
    timeoutsMs,
    now: () => nowMs,
  })
  const shop = {
    statements,
    message: false,
    down: false,
    waits: () => statements.filter(({ text }) => text.includes('wait_for_outbox')).length,
    relayFor: async (ms: number) => {
      const untilMs = nowMs + ms
      while (nowMs < untilMs) {
        await outbox.isAnythingWaiting().catch(() => false)
        nowMs += everyMs
      }
    },
  }
  return shop
}
