import { expect, test } from 'vitest'

import { keepLog } from '#services/test/kept-log.ts'

import { editDistance } from './edit-distance.ts'
import { chargeKeyFor, clientKeyPattern, generateClientKey, orderIdFor } from './order-id.ts'
import { periodically } from './start/periodically.ts'

const log = keepLog()

test('the edit distance counts the letters that differ', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3)
  expect(editDistance('', 'abc')).toBe(3)
  expect(editDistance('same', 'same')).toBe(0)
})

test("an order's id and its charge's key carry the client's key", () => {
  const id = orderIdFor('o-7f-000017')
  expect(id).toMatch(/^o-7f-000017\.[0-9a-f]{6}$/)
  expect(orderIdFor('o-7f-000017')).not.toBe(id)
  expect(chargeKeyFor(id)).toContain('o-7f-000017')
  expect(generateClientKey()).toMatch(new RegExp(clientKeyPattern))
})

test('rounds continue after a failure, never overlap, and end when stopped', async () => {
  let running = 0
  let rounds = 0
  let overlapped = false
  const periodic = periodically('test', { intervalMs: 1, log }, async () => {
    running += 1
    overlapped ||= running > 1
    rounds += 1
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (rounds === 2) throw new Error('second round')
  })
  await expect.poll(() => rounds).toBeGreaterThan(3)
  await periodic.stop()
  const ended = rounds
  await new Promise((resolve) => setImmediate(resolve))
  expect(rounds).toBe(ended)
  expect(overlapped).toBe(false)
  expect(log.lines).toEqual(['warn: round failed'])
})
