import type { SandboxEvent } from '../../../contracts/events.ts'
import { clockOfRun, formatRunTime } from '../../../contracts/run-clock.ts'
import { groupEvents, type EventRow } from '../../../report/group-events.ts'
import { isListed } from './is-listed.ts'

export interface RunRows {
  readonly rows: readonly EventRow[]
  /** Null: the run has sent nothing, so it has no clock. */
  readonly timeOf: ((event: SandboxEvent) => string) | null
}

/** The events of a run in the order of its clock: a fault begins before the event that reports it. */
export function runRows(events: readonly SandboxEvent[], zeroMs?: number): RunRows {
  const clock = clockOfRun(events, zeroMs)
  const rows = groupEvents(events.filter(isListed))
  if (clock === undefined) return { rows, timeOf: null }
  return {
    rows: rows.toSorted((a, b) => clock.msOfEvent(a.event) - clock.msOfEvent(b.event)),
    timeOf: (event) => formatRunTime(clock.msOfEvent(event)),
  }
}
