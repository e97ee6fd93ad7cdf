import type { Operation } from '#chaos/contracts/history.ts'
import type { TruthCounters, TruthDescription } from '#chaos/contracts/truth.ts'
import { percentile } from '#chaos/lib/percentile.ts'

/** An operation that ended, on the clock of the journal. */
export interface EndedOperation {
  readonly endMs: number
  readonly tookMs: number
  readonly ok: boolean
}

/** What customers got in a stretch of time, and what the system still had to do at its end. */
export interface CustomerFigures {
  readonly ended: number
  readonly failed: number
  readonly p95Ms: number
  /** Null: a source of truth could not be read. */
  readonly inFlight: number | null
}

/** What must hold for customers. */
export interface CustomerLimits {
  /** Share of the operations that must succeed. */
  readonly atLeast: number
  readonly p95Ms: number
  readonly inFlight: number
  /** Fewer operations than this prove nothing: customers get no answers at all. */
  readonly endedAtLeast: number
}

/** `ms`: when it ended, on the clock of the journal. */
export function endedOperation(
  operation: Operation,
  ms: number,
  isHealthy: (operation: Operation) => boolean = ({ outcome }) => outcome === 'ok',
): EndedOperation {
  return { endMs: ms, tookMs: operation.endMs - operation.startMs, ok: isHealthy(operation) }
}

export function figuresOf(
  operations: readonly EndedOperation[],
  [fromMs, toMs]: readonly [number, number],
  inFlight: number | null,
): CustomerFigures {
  const ended = operations.filter(({ endMs }) => endMs > fromMs && endMs <= toMs)
  const times = ended.map(({ tookMs }) => tookMs)
  return {
    ended: ended.length,
    failed: ended.filter(({ ok }) => !ok).length,
    p95Ms: times.length === 0 ? 0 : Math.round(percentile(times, 0.95)),
    inFlight,
  }
}

/** The sum of what must be 0 when the system is settled. */
export function inFlightOf(counters: TruthCounters, { inFlight }: TruthDescription): number {
  return inFlight.reduce((sum, { counter }) => sum + (counters[counter] ?? 0), 0)
}

/** The limits that follow from how customers were served before the incident. */
export function limitsFrom(
  before: CustomerFigures,
  { windowMs, perSecond }: { readonly windowMs: number; readonly perSecond: number },
): CustomerLimits {
  const seconds = windowMs / 1_000
  const okShare = before.ended === 0 ? 1 : 1 - before.failed / before.ended
  const usual = Math.min(seconds * perSecond, Math.max(1, before.ended))
  return {
    atLeast: Math.min(0.97, okShare - 0.03),
    // On a slow machine, four times as slow would be slower than the incidents are.
    p95Ms: Math.max(700, Math.min(4 * before.p95Ms, before.p95Ms + 1_000)),
    inFlight: Math.max(15, 3 * (before.inFlight ?? 0)),
    endedAtLeast: Math.floor(usual * 0.6),
  }
}

/** What does not hold, one sentence each. Empty: customers are served. */
export function brokenFor(figures: CustomerFigures, limits: CustomerLimits): readonly string[] {
  const { ended, failed, p95Ms, inFlight } = figures
  const broken: string[] = []
  if (ended < limits.endedAtLeast)
    broken.push(`Only ${ended} operations ended; at least ${limits.endedAtLeast} were expected.`)
  if (failed > ended * (1 - limits.atLeast)) broken.push(`${failed} of ${ended} operations failed.`)
  if (p95Ms > limits.p95Ms)
    broken.push(`1 in 20 operations took ${p95Ms} ms or more (limit ${limits.p95Ms} ms).`)
  if (inFlight === null) broken.push('A source of truth cannot be read.')
  else if (inFlight > limits.inFlight)
    broken.push(`${inFlight} pieces of work wait (limit ${limits.inFlight}).`)
  return broken
}
