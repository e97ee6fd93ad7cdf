import type { SandboxEvent } from '../../../contracts/events.ts'
import type { EventRow } from '../../../report/group-events.ts'
import { VirtualList } from '../streams/virtual-list.tsx'
import { UnbrokenWords } from './unbroken-words.tsx'

/** Events in words, one row each, in the given order. A row can stand for many events of one cause. */
export function EventList(props: {
  readonly rows: readonly EventRow[]
  /** The time of an event, as the list shows it. */
  readonly time: (event: SandboxEvent) => string
  /** A CSS length. */
  readonly maxHeight?: string
  /** The user points at an event. */
  readonly onPoint?: (event: SandboxEvent) => void
  /** The user clicks an event. */
  readonly onPin?: (event: SandboxEvent) => void
  /** The event that happened last at the moment that the page shows. */
  readonly nowSeq?: number | undefined
}) {
  const { rows, time, maxHeight, onPoint, onPin, nowSeq } = props
  return (
    <VirtualList
      class="timeline"
      label="Events"
      items={rows}
      keyOf={({ event }) => event.seq}
      estimatePx={38}
      {...(maxHeight === undefined ? {} : { maxHeight })}
      row={({ event, last, text, tone, count }) => (
        <>
          <time
            dateTime={event.at}
            class={event.seq === nowSeq ? 'now' : ''}
            onMouseEnter={() => onPoint?.(event)}
            onClick={() => onPin?.(event)}
          >
            {time(event)}
          </time>
          <span
            class={`tone-${tone}`}
            onMouseEnter={() => onPoint?.(event)}
            onClick={() => onPin?.(event)}
          >
            <UnbrokenWords text={text} />
            {count > 1 && <span class="muted"> until {time(last)}</span>}
          </span>
        </>
      )}
    />
  )
}
