import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

import { brokenFor, endedOperation, figuresOf, inFlightOf, limitsFrom } from './customer-figures.ts'
import type { CustomerFigures, CustomerLimits, EndedOperation } from './customer-figures.ts'

/** The customers of a sandbox: how they are served now, and whether that is good enough. */
export interface Customers extends Disposable {
  /** The figures of the last window. */
  figures(windowMs: number): Promise<CustomerFigures>
  /** Measures one window and derives the limits from it. */
  measure(windowMs: number): Promise<CustomerLimits>
  /** Waits until the limits hold in a whole window that begins now or later. */
  waitUntilServed(
    limits: CustomerLimits,
    how: { readonly windowMs: number; readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<{ readonly held: boolean; readonly broken: readonly string[] }>
}

/** Longer than any window. */
const keptMs = 60_000
const stepMs = 1_000
const readWithinMs = 2_000
/** No recovery gets longer than the usual time, times this. */
const progressFactor = 3

export function watchCustomers(
  { journal, clock, truth, system }: Pick<Sandbox, 'journal' | 'clock' | 'truth' | 'system'>,
  traffic: SystemGamedays['traffic'],
): Customers {
  const ended: EndedOperation[] = []
  const now = (): number => journal.msAt(clock.now())
  const stop = journal.subscribe((event) => {
    if (event.type !== 'operation') return
    ended.push(endedOperation(event.operation, event.ms, system.isHealthy?.bind(system)))
    while ((ended[0]?.endMs ?? Infinity) < event.ms - keptMs) ended.shift()
  })
  const perSecond = Object.values(traffic).reduce((sum, rate) => sum + rate, 0)
  const readInFlight = async (): Promise<number | null> => {
    const { counters, unread } = await truth.partialCounters(AbortSignal.timeout(readWithinMs))
    return unread.length > 0 ? null : inFlightOf(counters, truthOf(system))
  }
  const figures = async (windowMs: number): Promise<CustomerFigures> => {
    const toMs = now()
    return figuresOf(ended, [toMs - windowMs, toMs], await readInFlight())
  }
  return {
    figures,
    measure: async (windowMs) => limitsFrom(await figures(windowMs), { windowMs, perSecond }),
    waitUntilServed: async (limits, { windowMs, withinMs, signal }) => {
      const latestMs = clock.now() + progressFactor * withinMs
      let deadlineMs = clock.now() + withinMs
      let leastInFlight = Infinity
      await clock.sleep(windowMs, signal)
      for (;;) {
        const measured = await figures(windowMs)
        const broken = brokenFor(measured, limits)
        if (broken.length === 0) return { held: true, broken }
        const inFlight = measured.inFlight ?? Infinity
        // Work that waits and becomes less is a system that recovers: it gets the time for it.
        if (inFlight < leastInFlight && withinMs > 0) deadlineMs = clock.now() + withinMs
        leastInFlight = Math.min(leastInFlight, inFlight)
        if (clock.now() > Math.min(deadlineMs, latestMs)) return { held: false, broken }
        await clock.sleep(stepMs, signal)
      }
    },
    [Symbol.dispose]: stop,
  }
}
