import { useState } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import { describeEvent } from '../../../report/describe-event.ts'
import { usePageState } from '../data/page-state.ts'
import { clockTime } from './clock-time.ts'

const filters = {
  all: () => true,
  faults: (event: SandboxEvent) =>
    event.type === 'fault' || event.type === 'trap' || event.type === 'halt',
  instances: (event: SandboxEvent) => event.type === 'instance',
  runs: (event: SandboxEvent) =>
    event.type === 'run' || event.type === 'phase' || event.type === 'check',
} as const

/** What happened, in words, newest first. */
export function EventPanel() {
  const events = usePageState((state) => state.timeline)
  const [filter, setFilter] = useState<keyof typeof filters>('all')
  const shown = events.filter(filters[filter]).toReversed().slice(0, 150)
  return (
    <section class="panel" aria-label="What happened">
      <header>
        <h2>What happened</h2>
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
        <p class="empty">Nothing yet: faults, restarts and runs will stand here, newest first.</p>
      ) : (
        <ol class="timeline" tabIndex={0} aria-label="Events">
          {shown.map((event) => {
            const line = describeEvent(event)
            return line === null ? null : (
              <li key={event.seq}>
                <time dateTime={event.at}>{clockTime(new Date(event.at))}</time>
                <span class={`tone-${line.tone}`}>{line.text}</span>
              </li>
            )
          })}
        </ol>
      )}
    </section>
  )
}
