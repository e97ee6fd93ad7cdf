import { useMemo, useState } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import { usePageState } from '../data/page-state.ts'
import { pin, pointAt, unpoint, useLiveMoment } from '../live/live-moment.ts'
import { clockTime } from './clock-time.ts'
import { EventList } from './event-list.tsx'

const filters = {
  all: () => true,
  faults: (event: SandboxEvent) =>
    event.type === 'fault' || event.type === 'trap' || event.type === 'halt',
  instances: (event: SandboxEvent) => event.type === 'instance',
  runs: (event: SandboxEvent) =>
    event.type === 'run' || event.type === 'phase' || event.type === 'check',
} as const

/** The events of the sandbox, the newest first, with a filter. Events of links are grouped by their cause. */
export function EventPanel() {
  const rows = usePageState((state) => state.rows)
  const [filter, setFilter] = useState<keyof typeof filters>('all')
  const shown = useMemo(
    () => rows.filter(({ event }) => filters[filter](event)).toReversed(),
    [rows, filter],
  )
  const moment = useLiveMoment()
  // The newest is the first.
  const now = moment === null ? undefined : shown.find(({ event }) => event.ms <= moment.ms)
  return (
    <section class="panel" aria-label="Events of the sandbox">
      <header>
        <h2>Events</h2>
        <div class="tabs" role="tablist" aria-label="Filter">
          {(Object.keys(filters) as (keyof typeof filters)[]).map((name) => (
            <button
              key={name}
              role="tab"
              aria-selected={filter === name}
              onClick={() => setFilter(name)}
            >
              {name}
            </button>
          ))}
        </div>
      </header>
      {shown.length === 0 ? (
        <p class="empty">No events yet. Faults, restarts and runs appear here, the newest first.</p>
      ) : (
        <div onMouseLeave={unpoint}>
          <EventList
            rows={shown}
            time={({ at }) => clockTime(new Date(at))}
            nowSeq={now?.event.seq}
            onPoint={({ ms }) => pointAt(ms)}
            onPin={({ ms }) => pin(ms)}
          />
        </div>
      )}
    </section>
  )
}
