import type { EventStamp, SandboxEvent } from '../../../contracts/events.ts'
import { describeEvent } from '../../../report/describe-event.ts'
import { UnbrokenWords } from './unbroken-words.tsx'

/** Events in words, one line each, in the given order. */
export function EventList(props: {
  readonly events: readonly SandboxEvent[]
  /** The time of an event, as the list shows it. */
  readonly time: (event: EventStamp) => string
  /** A CSS length. */
  readonly maxHeight?: string
}) {
  const { events, time, maxHeight } = props
  return (
    <ol
      class="timeline"
      tabIndex={0}
      aria-label="Events"
      style={maxHeight === undefined ? {} : { maxHeight }}
    >
      {events.map((event) => {
        const line = describeEvent(event)
        return line === null ? null : (
          <li key={event.seq}>
            <time dateTime={event.at}>{time(event)}</time>
            <span class={`tone-${line.tone}`}>
              <UnbrokenWords text={line.text} />
            </span>
          </li>
        )
      })}
    </ol>
  )
}
