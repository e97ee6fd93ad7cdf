import type { EventStamp, FaultEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import type { TrapEvent } from '../../../contracts/links.ts'
import { createRunClock } from '../../../contracts/run-clock.ts'
import { faultLabel } from '../../../report/describe-active-fault.ts'
import { trapLabel } from '../../../report/run-chart.ts'
import type { Band } from './page-state.ts'

const bandsMax = 200

/**
 * The bands after one event of a fault, on the events' clock. A fault that could not be healed is still active, so its band goes
 * on.
 */
export function bandsAfter(
  bands: readonly Band[],
  event: FaultEvent & EventStamp,
): readonly Band[] {
  const { what, fault, ms } = event
  switch (what) {
    case 'injected': {
      const fromMs = createRunClock(0, event).beginOf(event)
      return [...bands.filter(({ id }) => id !== fault.id).slice(-bandsMax), bandOf(fault, fromMs)]
    }
    case 'healed':
      return bands.map((band) => (band.id === fault.id ? { ...band, toMs: ms } : band))
    case 'failed':
      return bands
  }
}

/** The bands and one more for a trap that strikes: it has no length. */
export function bandsAfterTrap(
  bands: readonly Band[],
  { id, exchange, seq, ms }: TrapEvent & EventStamp,
): readonly Band[] {
  const band = { id: `${id} ${seq}`, label: trapLabel({ id, exchange }), fromMs: ms, toMs: ms }
  return [...bands.slice(-bandsMax), band]
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
