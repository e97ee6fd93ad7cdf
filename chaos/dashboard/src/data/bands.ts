import type { EventStamp, FaultEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import { faultLabel } from '../../../report/describe-active-fault.ts'
import type { Band } from './page-state.ts'

const bandsMax = 200

/** The bands after one event of a fault. A fault that could not be healed is still active, so its band goes on. */
export function bandsAfter(
  bands: readonly Band[],
  { what, fault, ms }: FaultEvent & EventStamp,
): readonly Band[] {
  switch (what) {
    case 'injected':
      return [...bands.filter(({ id }) => id !== fault.id).slice(-bandsMax), bandOf(fault, ms)]
    case 'healed':
      return bands.map((band) => (band.id === fault.id ? { ...band, toMs: ms } : band))
    case 'failed':
      return bands
  }
}

/**
 * The bands, and one more for each active fault that the received events do not contain. So the charts show every active
 * fault, however long ago it began. `epochMs`: the moment at which the events' clock was 0, in milliseconds since 1970.
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
