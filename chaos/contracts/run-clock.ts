import type { EventStamp, FaultEvent, SandboxEvent } from './events.ts'

/**
 * The clock of one run. 0 is the moment from which the client's history counts: its clients begin to send. Every view of a run
 * shows these milliseconds: story, charts, events, diagrams, terminal. What happens before has negative times.
 */
export interface RunClock {
  /** The journal's time stamp (`ms`) at 0. */
  readonly zeroMs: number
  /** A time stamp of the journal. */
  msOf(journalMs: number): number
  /** A time stamp of the machine's wall clock, as stores and logs have it. */
  msOfWall(iso: string): number
  /**
   * When an event happened. A fault begins when its injection begins: the event of a rolling restart, for example, comes at its
   * end.
   */
  msOfEvent(event: SandboxEvent): number
  /** When the fault of an event began, also for the event of its end. */
  beginOf(event: FaultEvent & EventStamp): number
}

export function createRunClock(
  zeroMs: number,
  /** Any event of the run: it has the time of both clocks. */
  pair: Pick<EventStamp, 'ms' | 'at'>,
): RunClock {
  const msOf = (journalMs: number): number => round(journalMs - zeroMs)
  return {
    zeroMs,
    msOf,
    msOfWall: (iso) => msOf(pair.ms + Date.parse(iso) - Date.parse(pair.at)),
    msOfEvent: (event) =>
      event.type === 'fault' && event.what === 'injected' ? msOf(beginOf(event)) : msOf(event.ms),
    beginOf: (event) => msOf(beginOf(event)),
  }
}

/** The clock of a run, from its journal. Undefined: the run has sent nothing, so it has no zero. */
export function clockOfRun(
  events: readonly SandboxEvent[],
  zeroMs: number | undefined = zeroOfRun(events),
): RunClock | undefined {
  const [pair] = events
  return zeroMs === undefined || pair === undefined ? undefined : createRunClock(zeroMs, pair)
}

/**
 * The journal's time stamp at the zero of a run. The start of the steady state has it. In journals of earlier versions it
 * follows from the operations: each has been written at its end.
 */
export function zeroOfRun(events: readonly SandboxEvent[]): number | undefined {
  let earliest: number | undefined
  for (const event of events) {
    if (event.type === 'phase' && event.zeroMs !== undefined) return event.zeroMs
    if (event.type !== 'operation') continue
    const zeroMs = event.ms - event.operation.endMs
    if (earliest === undefined || zeroMs < earliest) earliest = zeroMs
  }
  return earliest
}

/** `2.504 s`: the time of a run, as every view shows it. */
export function formatRunTime(runMs: number): string {
  const text = (Math.abs(runMs) / 1_000).toFixed(3)
  return `${runMs < 0 && Number(text) > 0 ? '−' : ''}${text} s`
}

function beginOf({ fault, ms, at }: FaultEvent & EventStamp): number {
  const tookMs = Date.parse(at) - Date.parse(fault.since)
  // A change of the wall clock must not put a fault into another time.
  return Number.isFinite(tookMs) && tookMs > 0 ? ms - tookMs : ms
}

/** Rounds to tenths of a millisecond, as the history does. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
