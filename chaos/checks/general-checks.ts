import { amplification } from './amplification.ts'
import { availability } from './availability.ts'
import { goodput } from './goodput.ts'
import { latency } from './latency.ts'
import { leavesInTime } from './leaves-in-time.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { recoversWithin } from './recovers-within.ts'
import { restartsAtMost } from './restarts-at-most.ts'

/** A key that differs from the check's name does not compile. */
export function named<
  const List extends { readonly [Name in keyof List]: { readonly name: Name } },
>(list: List): List {
  return list
}

/** The checks of any system, by name. A system adds its own, and may replace one of these. */
export const generalChecks = (system: CheckedSystem) =>
  named({
    availability: availability(system),
    latency: latency(system),
    'recovers-within': recoversWithin(system),
    amplification: amplification(system),
    goodput: goodput(system),
    'restarts-at-most': restartsAtMost,
    'leaves-in-time': leavesInTime,
  })
