import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { TrapEvent } from '#chaos/contracts/links.ts'
import { clockOfRun, type RunClock } from '#chaos/contracts/run-clock.ts'

import { describeActiveFault, faultLabel } from './describe-active-fault.ts'

export interface Sample {
  /** End of the operation. */
  readonly ms: number
  readonly operation: Operation
}

export interface FaultBand {
  readonly id: string
  /** The fault with its targets: `latency 200 ms on api-1:redis`. */
  readonly label: string
  /** Without its targets, for a narrow chart: `latency 200 ms`. */
  readonly shortLabel: string
  readonly fromMs: number
  /** As `fromMs` for a trap: it strikes at one moment. */
  readonly toMs: number
}

/** What the charts of one run show. All times are on the run's clock. */
export interface RunChart {
  readonly samples: readonly Sample[]
  /** By begin. */
  readonly bands: readonly FaultBand[]
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The chart of a run, from its journal; undefined for a run that sent nothing. A fault without an end lasts until the last
 * operation.
 */
export function runChart(events: readonly SandboxEvent[], zeroMs?: number): RunChart | undefined {
  const clock = clockOfRun(events, zeroMs)
  if (clock === undefined) return undefined
  const samples = events.flatMap((event) =>
    event.type === 'operation' ? [{ ms: clock.msOf(event.ms), operation: event.operation }] : [],
  )
  if (samples.length === 0) return undefined
  const lastMs = samples.reduce((latest, { ms }) => Math.max(latest, ms), 1_000)
  const bands = [...faultBands(events, clock, lastMs), ...trapBands(events, clock)].toSorted(
    (a, b) => a.fromMs - b.fromMs,
  )
  // A fault after the last response belongs in the picture.
  const toMs = bands.reduce((latest, { fromMs }) => Math.max(latest, fromMs), lastMs)
  return { samples, bands, fromMs: 0, toMs }
}

interface TrapNames extends Pick<TrapEvent, 'id'> {
  readonly exchange?: string | undefined
}

/** A trap that strikes, in a chart: `trap at COMMIT`. */
export function trapLabel({ exchange, id }: TrapNames): string {
  return `trap at ${exchange ?? id}`
}

function faultBands(
  events: readonly SandboxEvent[],
  clock: RunClock,
  lastMs: number,
): readonly FaultBand[] {
  const bands = new Map<string, FaultBand>()
  for (const event of events) {
    if (event.type !== 'fault') continue
    const { id } = event.fault
    if (event.what === 'injected') {
      const fromMs = clock.beginOf(event)
      const [label, shortLabel] = [describeActiveFault(event.fault), faultLabel(event.fault)]
      bands.set(id, { id, label, shortLabel, fromMs, toMs: Math.max(lastMs, fromMs) })
    }
    const begun = bands.get(id)
    if (event.what === 'healed' && begun !== undefined)
      bands.set(id, { ...begun, toMs: Math.max(begun.fromMs, clock.msOfEvent(event)) })
  }
  return [...bands.values()]
}

function trapBands(events: readonly SandboxEvent[], clock: RunClock): readonly FaultBand[] {
  // A sweep has traps of its own: each belongs to one case, and not to the load in the charts.
  let sweeps = false
  return events.flatMap((event) => {
    if (event.type === 'phase' && event.phase === 'sweep') sweeps = event.what === 'began'
    if (event.type !== 'trap' || event.what !== 'sprung' || sweeps) return []
    const ms = clock.msOfEvent(event)
    const on = event.link === undefined ? '' : ` on ${event.link}`
    const shortLabel = trapLabel(event)
    const label = `${shortLabel}${on}`
    return [{ id: `${event.id} ${event.seq}`, label, shortLabel, fromMs: ms, toMs: ms }]
  })
}
