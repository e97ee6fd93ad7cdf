import { Check } from 'typebox/value'

import { PushSchema } from '#chaos/contracts/workshop.ts'
import type { Push } from '#chaos/contracts/workshop.ts'

/** A response takes time, and its header has whole seconds: a smaller difference says nothing. */
const leastMs = 5_000
/** More is a header that is wrong. */
const mostMs = 366 * 24 * 3_600_000

/** How far the clock of the host is ahead of this one, ms, from the header Date. 0: hardly, or it is not known. */
export function hostAheadMs(date: string | null, nowMs: number): number {
  const aheadMs = Date.parse(date ?? '') - nowMs
  const size = Math.abs(aheadMs)
  return size >= leastMs && size <= mostMs ? aheadMs : 0
}

/** The push with the end of its timer on the clock of this machine. Two laptops can differ by minutes. */
export function withLocalEnd(push: Push, aheadMs: number): Push {
  if (aheadMs === 0 || push.type !== 'exercise' || push.endsAt === null) return push
  const endsAt = new Date(Date.parse(push.endsAt) - aheadMs).toISOString()
  const local = { ...push, endsAt }
  return Check(PushSchema, local) ? local : push
}
