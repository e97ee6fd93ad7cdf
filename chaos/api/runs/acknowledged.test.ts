import { expect, test } from 'vitest'

import type { EventPayload } from '#chaos/contracts/events.ts'
import { createJournal } from '#chaos/engine/journal.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { countAcknowledged } from './acknowledged.ts'

let keys = 0
const operation = (kind: string, outcome: string, key = `o-${(keys += 1)}`): EventPayload =>
  ({ type: 'operation', operation: { kind, outcome, key } }) as unknown as EventPayload

test('only acknowledged orders count, each key once, from 0 after new books', () => {
  const journal = createJournal(systemClock)
  using acknowledged = countAcknowledged(journal, system)
  for (const outcome of ['ok', 'fail', 'unknown', 'ok'])
    journal.publish(operation('place-order', outcome))
  journal.publish(operation('browse', 'ok'))
  expect(acknowledged.count).toBe(2)
  journal.publish(operation('place-order', 'ok', 'same'))
  journal.publish(operation('place-order', 'ok', 'same'))
  expect(acknowledged.count).toBe(3)
  journal.publish({ type: 'phase', phase: 'prepare', what: 'ended' })
  expect(acknowledged.count).toBe(0)
  journal.publish(operation('place-order', 'ok'))
  acknowledged.reset()
  expect(acknowledged.count).toBe(0)
})
