import { expect } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import { instances, stores } from '#services/topology.ts'

/** Everything that a runtime knows by name. */
export const names: readonly string[] = [
  'links',
  ...[...instances, ...stores].map(({ name }) => name),
]
/** Who orders in these tests. */
export const by = 'scenario'
/** Of pauses that a test ends itself. */
export const leaseMs = 30_000
/** Longer than anything that answers takes, shorter than a test. */
export const silenceMs = 400

/** Matches an event that has at least this. */
export function seen(event: Partial<InstanceEvent>): InstanceEvent {
  return expect.objectContaining(event) as InstanceEvent
}
