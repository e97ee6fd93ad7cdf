import { expect, test } from 'vitest'

import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'

import { planWindows } from './plan-windows.ts'

const kinds = Object.values(faults) as readonly AnyFault[]

test.each([2, 20, 60])('%i minutes are filled, with and without restarts', (minutes) => {
  const windows = planWindows(minutes * 60_000, kinds)
  const total = windows.reduce((sum, { durationMs }) => sum + durationMs, 0)
  expect(total).toBeGreaterThan(minutes * 60_000 * 0.5)
  expect(total).toBeLessThan(minutes * 60_000)
  // The limit of a scenario's load.
  for (const { durationMs } of windows) expect(durationMs).toBeLessThanOrEqual(600_000)
  expect(windows.filter(({ limited }) => limited)).toHaveLength(1)
  expect(windows[0]?.kinds).toEqual(kinds)
  const lasting = windows.filter(({ kinds: used }) => used.length < kinds.length)
  expect(lasting.length).toBe((windows.length - 1) / 2)
  expect(lasting[0]?.kinds.some(({ target }) => target === 'instance')).toBe(false)
})
