import './flow.css'
import { useMemo } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import { clockOfRun } from '../../../contracts/run-clock.ts'
import { stateAt } from '../../../report/state-at.ts'
import { MomentPicture } from './moment-picture.tsx'
import { useMoment } from './moment.ts'
import { Scrubber } from './scrubber.tsx'

/** A run played slowly: the picture of the system at the moment that all views of the run show. */
export function RunMoment({
  run,
  events,
}: {
  readonly run: string
  readonly events: readonly SandboxEvent[]
}) {
  const timed = useMemo(() => timesOf(events), [events])
  const moment = useMoment(run)
  if (timed === null) return null
  const { clock, stops, fromMs, toMs } = timed
  const state = stateAt(events, moment ?? fromMs, clock)
  return (
    <section class="panel stack" aria-label="The run at one moment" data-testid="run-moment">
      <header>
        <h2>At one moment</h2>
        <span class="hint">charts, story and events show the same moment</span>
      </header>
      <Scrubber {...{ run, fromMs, toMs, stops, playFrom }} />
      <MomentPicture state={state} flow={null} />
    </section>
  )
}

/** Half as fast as the run was. */
function playFrom(ms: number, seconds: number): number {
  return ms + seconds * 500
}

function timesOf(events: readonly SandboxEvent[]) {
  const clock = clockOfRun(events)
  if (clock === undefined) return null
  const ended = events.flatMap((event) =>
    event.type === 'operation' ? [clock.msOf(event.ms)] : [],
  )
  const toMs = ended.at(-1)
  if (toMs === undefined) return null
  const stops = events
    .flatMap((event) =>
      ['instance', 'fault', 'trap', 'phase'].includes(event.type) ? [clock.msOfEvent(event)] : [],
    )
    .filter((ms) => ms >= 0 && ms <= toMs)
    .toSorted((a, b) => a - b)
  return { clock, stops, fromMs: 0, toMs }
}
