import type { FaultEvent, EventStamp } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import { faultLabel } from '../../../report/describe-active-fault.ts'
import type { Band } from './page-state.ts'

const bandsMax = 200

/** Bands after one event about a fault. */
export function bandsAfter(
  bands: readonly Band[],
  event: FaultEvent & EventStamp,
): readonly Band[] {
  if (event.what !== 'injected')
    return bands.map((band) => (band.id === event.fault.id ? { ...band, toMs: event.ms } : band))
  const others = bands.filter(({ id }) => id !== event.fault.id)
  return [...others.slice(-bandsMax), bandOf(event.fault, event.ms)]
}

/**
 * Bands with those of faults that are on since before the events that the page has asked for: what is active is seen,
 * however long ago it began. `epochMs`: milliseconds since 1970 at which events count 0.
 */
export function bandsWithActive(
  bands: readonly Band[],
  active: readonly ActiveFault[],
  epochMs: number,
): readonly Band[] {
  const known = new Set(bands.map(({ id }) => id))
  const missing = active.filter(({ id }) => !known.has(id))
  if (missing.length === 0) return bands
  return [...missing.map((fault) => bandOf(fault, Date.parse(fault.since) - epochMs)), ...bands]
}

function bandOf(fault: ActiveFault, fromMs: number): Band {
  return { id: fault.id, label: faultLabel(fault), fromMs, toMs: null }
}
