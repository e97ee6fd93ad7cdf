import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import { formatRunTime, type RunClock } from '#chaos/contracts/run-clock.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

/** A phase of a run, on the run's clock. */
interface PhaseTime {
  readonly phase: Phase
  /** The same phases follow for the variants of a scenario. */
  readonly ofVariants: boolean
  readonly fromMs: number
  /** Undefined: the run ended in it. */
  readonly toMs?: number
  /** `settled after 1.2s`. */
  readonly detail?: string
}

function phaseTimes(events: readonly SandboxEvent[], clock: RunClock): readonly PhaseTime[] {
  const times: PhaseTime[] = []
  let ofVariants = false
  for (const event of events) {
    if (event.type !== 'phase') continue
    const { phase, what, detail } = event
    if (what === 'began') {
      ofVariants ||= phase === 'prepare' && times.some((time) => time.phase === 'prepare')
      times.push({ phase, ofVariants, fromMs: clock.msOfEvent(event) })
      continue
    }
    const begun = times.findLastIndex((time) => time.phase === phase && time.toMs === undefined)
    const time = times[begun]
    if (time !== undefined)
      times[begun] = {
        ...time,
        toMs: clock.msOfEvent(event),
        ...(detail === undefined ? {} : { detail }),
      }
  }
  return times
}

/** The phases with their times. 0 s is the moment when the clients begin to send. */
export function phasesSection(
  events: readonly SandboxEvent[],
  clock: RunClock | undefined,
): string {
  const times = clock === undefined ? [] : phaseTimes(events, clock)
  if (times.length === 0) return ''
  const rows = times.map(
    ({ phase, ofVariants, fromMs, toMs, detail = '' }) =>
      `<tr><td>${ofVariants ? 'variants: ' : ''}${phase.replace('-', ' ')}</td><td class="time">${formatRunTime(fromMs)}</td><td class="time">${toMs === undefined ? '' : formatRunTime(toMs)}</td><td>${escapeHtml(detail)}</td></tr>`,
  )
  return `<section><h2>Phases</h2><p class="muted small">All times on this page count from the first requests of the clients: 0 s.</p><table><thead><tr><th>phase</th><th class="time">from</th><th class="time">to</th><th>result</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}
