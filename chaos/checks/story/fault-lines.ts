import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'
import type { FaultEvent, SandboxEvent } from '#chaos/contracts/events.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'

import type { StoryTime } from './story-time.ts'

interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** What happens so soon after still has to do with it: an order is not lost at the moment of its answer. */
const marginMs = 2_000

/** Which faults were on in the window, and which instances went and came; without a window in the whole run. */
export function faultLines(
  evidence: Evidence,
  timeline: StoryTime,
  window: Window = { fromMs: 0, toMs: evidence.durationMs },
): StoryLine[] {
  const healedAt = new Map(
    evidence.journal.flatMap((event) =>
      event.type === 'fault' && event.what === 'healed'
        ? [[event.fault.id, timeline.msOf(event.at)] as const]
        : [],
    ),
  )
  return evidence.journal.flatMap((event): StoryLine[] => {
    const ms = timeline.msOf(event.at)
    if (ms < 0) return []
    switch (event.type) {
      case 'fault': {
        const endMs = healedAt.get(event.fault.id) ?? Number.POSITIVE_INFINITY
        const overlaps =
          sinceMs(event, timeline) <= window.toMs + marginMs && endMs >= window.fromMs
        // A rolling restart is told when it is done, and began when it was asked for.
        const atMs = event.what === 'injected' ? sinceMs(event, timeline) : ms
        return overlaps ? [{ ms: atMs, who: 'fault', text: describeFault(event) }] : []
      }
      case 'instance':
        return near(ms, window) ? instanceLine(event, ms) : []
      case 'trap':
        return near(ms, window) && event.what === 'sprung' ? [trapLine(event, ms)] : []
      default:
        return []
    }
  })
}

/** The line from which on nothing is broken any more. */
export function healLine({ faultsToMs }: Evidence): StoryLine {
  const text =
    'every fault is undone and every instance runs: what is wrong from now on stays wrong'
  return { ms: faultsToMs, who: 'run', text }
}

function near(ms: number, { fromMs, toMs }: Window): boolean {
  return ms >= fromMs - marginMs && ms <= toMs + marginMs
}

function sinceMs({ fault }: FaultEvent, timeline: StoryTime): number {
  return timeline.msOf(fault.since)
}

function describeFault({ what, fault, error }: FaultEvent): string {
  const params = Object.entries(fault.params)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')
  const on = `${fault.kind} on ${fault.targets.join(', ')}`
  if (what === 'healed') return `${on} is over`
  if (what === 'failed') return `${on} could not be injected: ${error ?? 'for an unknown reason'}`
  return `${on}${params === '' ? '' : ` (${params})`} begins`
}

function instanceLine(event: InstanceEvent, ms: number): StoryLine[] {
  const who = event.instance
  const by = event.by === 'itself' ? 'by itself' : `by the ${event.by}`
  switch (event.state) {
    case 'exited':
    case 'absent': {
      const how = event.signal ?? (event.code == null ? undefined : `exit code ${event.code}`)
      const killed = event.signal === 'SIGKILL' && event.by !== 'itself'
      const text = killed ? `is killed ${by}` : `dies ${by}`
      return [{ ms, who, text: how === undefined ? text : `${text} (${how})` }]
    }
    case 'paused':
      return [{ ms, who, text: `is frozen ${by}` }]
    case 'ready':
      return [{ ms, who, text: 'is ready' }]
    case 'unready':
      return [{ ms, who, text: 'says that it is not ready' }]
    case 'starting':
      return [{ ms, who, text: `is started ${by}` }]
  }
}

function trapLine(event: Extract<SandboxEvent, { type: 'trap' }>, ms: number): StoryLine {
  const phase =
    event.phase === 'after'
      ? 'it was executed, and its reply is held back'
      : 'it was sent, and has not arrived'
  return { ms, who: 'fault', text: `${event.exchange} on ${event.link}: ${phase}` }
}
