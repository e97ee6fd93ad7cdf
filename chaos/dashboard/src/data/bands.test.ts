import { expect, test } from 'vitest'

import type { ActiveFault } from '../../../contracts/fault.ts'
import { bandsAfter, bandsWithActive } from './bands.ts'

const fault: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:payments'],
  params: { latencyMs: 600 },
  mechanism: 'toxic',
  by: 'user',
  since: '2030-01-01T00:00:10.000Z',
  until: '2030-01-01T00:01:10.000Z',
  leaseMs: 60_000,
}
const epochMs = Date.parse('2030-01-01T00:00:00.000Z')
const stamp = { seq: 1, at: '2030-01-01T00:00:20.000Z', ms: 20_000 }

test('a fault that began before the received events has a band from its real start', () => {
  expect(bandsWithActive([], [fault], epochMs)).toEqual([
    { id: 'latency-1', label: 'latency 600 ms', fromMs: 10_000, toMs: null },
  ])
})

test('a fault with an event and in the list of active faults has one band', () => {
  const received = bandsAfter([], { ...stamp, type: 'fault', what: 'injected', fault })
  expect(bandsWithActive(received, [fault], epochMs)).toBe(received)
  const early = bandsWithActive([], [fault], epochMs)
  expect(bandsAfter(early, { ...stamp, type: 'fault', what: 'injected', fault })).toHaveLength(1)
})

test('a band ends when its fault is healed', () => {
  const bands = bandsWithActive([], [fault], epochMs)
  expect(bandsAfter(bands, { ...stamp, type: 'fault', what: 'healed', fault })).toMatchObject([
    { toMs: 20_000 },
  ])
})

test('the band of a fault that could not be healed goes on', () => {
  const bands = bandsWithActive([], [fault], epochMs)
  expect(bandsAfter(bands, { ...stamp, type: 'fault', what: 'failed', fault })).toMatchObject([
    { toMs: null },
  ])
})
