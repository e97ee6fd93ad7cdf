import { expect, test } from 'vitest'

import type { FaultEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { createActiveFaults } from './active-faults.ts'

const active: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:postgres'],
  params: {},
  mechanism: 'toxic',
  by: 'scenario',
  since: '2026-01-05T10:00:00.000Z',
  until: '2026-01-05T10:01:00.000Z',
  leaseMs: 60_000,
}

async function healedEvent(
  work?: NonNullable<FaultEvent['work']>,
): Promise<Omit<FaultEvent, 'type'> | undefined> {
  const events: Omit<FaultEvent, 'type'>[] = []
  const faults = createActiveFaults({ clock: systemClock, publish: (event) => events.push(event) })
  const injected = {
    mechanism: 'toxic',
    ...(work === undefined ? {} : { work: () => work }),
    [Symbol.asyncDispose]: async () => {},
  }
  faults.add(active, injected, Infinity)
  await faults.heal(active.id, 'asked')
  return events[0]
}

test('the event of a heal says whether another session ended the work of the fault', async () => {
  const work = { what: 'the read of orders', interrupted: true }
  expect(await healedEvent(work)).toMatchObject({ what: 'healed', reason: 'asked', work })
  expect(await healedEvent()).not.toHaveProperty('work')
})
