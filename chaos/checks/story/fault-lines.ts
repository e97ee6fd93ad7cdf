import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'
import type { FaultEvent } from '#chaos/contracts/events.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import { describeActiveFault } from '#chaos/report/describe-active-fault.ts'
import { describeInstance, describeTrap } from '#chaos/report/describe-event.ts'

import type { CheckedSystem } from '../lib/checked-system.ts'

interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** An event this soon before or after the window belongs to the story: work can be lost after its response. */
const marginMs = 2_000

/** Faults, traps and changes of instances in the window. Without a window: in the whole run. */
export function faultLines(
  evidence: Evidence,
  clock: RunClock,
  window: Window = { fromMs: 0, toMs: evidence.durationMs },
): StoryLine[] {
  const healedAt = new Map(
    evidence.journal.flatMap((event) =>
      event.type === 'fault' && event.what === 'healed'
        ? [[event.fault.id, clock.msOfEvent(event)] as const]
        : [],
    ),
  )
  return evidence.journal.flatMap((event): StoryLine[] => {
    const ms = clock.msOfEvent(event)
    if (ms < 0) return []
    switch (event.type) {
      case 'fault': {
        const endMs = healedAt.get(event.fault.id) ?? Number.POSITIVE_INFINITY
        const sinceMs = clock.beginOf(event)
        const overlaps = sinceMs <= window.toMs + marginMs && endMs >= window.fromMs
        return overlaps ? [{ ms, who: 'fault', text: faultText(event) }] : []
      }
      case 'instance':
        return near(ms, window) ? [{ ms, who: event.instance, text: describeInstance(event) }] : []
      case 'trap':
        return near(ms, window) && event.what === 'sprung'
          ? [{ ms, who: 'fault', text: `trap ${describeTrap(event)}` }]
          : []
      default:
        return []
    }
  })
}

/** The line after which no fault is active. */
export function healLine({ faultsToMs }: Evidence, { name }: CheckedSystem): StoryLine {
  const text = `heals every fault and starts every instance; from here on the ${name} must recover`
  return { ms: faultsToMs, who: 'run', text }
}

function near(ms: number, { fromMs, toMs }: Window): boolean {
  return ms >= fromMs - marginMs && ms <= toMs + marginMs
}

function faultText({ what, fault, error }: FaultEvent): string {
  const text = describeActiveFault(fault, { inFull: true })
  if (what === 'healed') return `${text} ends`
  if (what === 'failed') return `${text} fails to start: ${error ?? 'unknown reason'}`
  return `${text} begins`
}
