import type { FaultEvent, SandboxEvent } from '#chaos/contracts/events.ts'
import type { LinkEvent } from '#chaos/contracts/links.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'

import { describeActiveFault } from './describe-active-fault.ts'
import { describeEvent, type Tone } from './describe-event.ts'

/** A line of a list of events: one event, or all events of a link or more that one cause has. */
export interface EventRow {
  /** The first event: the row has its place and its number. */
  readonly event: SandboxEvent
  readonly text: string
  readonly tone: Tone
  /** How many events the row stands for. */
  readonly count: number
  /** The last of them. */
  readonly last: SandboxEvent
}

export interface EventGrouper {
  /** Adds an event. Returns whether a row was added or changed. */
  add(event: SandboxEvent): boolean
  /** The rows in the order of their first events. The same array until the next change. */
  readonly rows: readonly EventRow[]
}

/** Without a known cause, events of one link are one row until none follows for this long. */
const gapMs = 10_000

interface Group {
  readonly key: string
  readonly links: Set<string>
  readonly counts: Map<Repeated, number>
  readonly cause: string | undefined
  row: EventRow
}

/**
 * Groups the events of links by their cause: the fault on the link or on one of its ends, or an instance that is down.
 * During an outage, thousands of connection resets are one row, and the events that say why stay in sight.
 * It keeps the newest `capacity` rows.
 */
export function createEventGrouper(capacity: number): EventGrouper {
  const faults = new Map<string, FaultEvent['fault']>()
  const down = new Map<string, InstanceEvent>()
  const groups = new Map<string, Group>()
  let rows: (EventRow | Group)[] = []
  let read: readonly EventRow[] | undefined
  const append = (row: EventRow | Group): void => {
    rows.push(row)
    // Forgets in blocks: one shift per event costs more than the event itself.
    if (rows.length <= capacity * 1.25) return
    rows = rows.slice(-capacity)
    const kept = new Set(rows)
    for (const [key, group] of groups) if (!kept.has(group)) groups.delete(key)
  }
  const addLink = (event: SandboxEvent & LinkEvent): boolean => {
    const description = describeEvent(event)
    if (description === null) return false
    const { what } = event
    if (!isRepeated(what)) {
      append({ event, ...description, count: 1, last: event })
      return true
    }
    const cause = causeOf(event.link, faults, down)
    const key = cause?.id ?? event.link
    const before = groups.get(key)
    const goesOn =
      before !== undefined && (cause !== undefined || event.ms - before.row.last.ms < gapMs)
    if (!goesOn) {
      const group: Group = {
        key,
        links: new Set([event.link]),
        counts: new Map([[what, 1]]),
        cause: cause?.text,
        row: { event, ...description, count: 1, last: event },
      }
      groups.set(key, group)
      append(group)
      return true
    }
    before.links.add(event.link)
    before.counts.set(what, (before.counts.get(what) ?? 0) + 1)
    before.row = {
      event: before.row.event,
      tone: before.row.tone === 'bad' ? 'bad' : description.tone,
      count: before.row.count + 1,
      last: event,
      text: textOf(before),
    }
    return true
  }
  return {
    add: (event) => {
      if (event.type === 'fault')
        if (event.what === 'injected') faults.set(event.fault.id, event.fault)
        else if (event.what === 'healed') faults.delete(event.fault.id)
      if (event.type === 'instance') {
        if (isDown(event.state)) down.set(event.instance, event)
        else if (event.state === 'ready') down.delete(event.instance)
      }
      const changed = event.type === 'link' ? addLink(event) : addOther(event, append)
      if (changed) read = undefined
      return changed
    },
    get rows() {
      read ??= rows.slice(-capacity).map((row) => ('row' in row ? row.row : row))
      return read
    },
  }
}

/** The rows of a finished list of events. */
export function groupEvents(events: readonly SandboxEvent[]): readonly EventRow[] {
  const grouper = createEventGrouper(events.length + 1)
  for (const event of events) grouper.add(event)
  return grouper.rows
}

function addOther(event: SandboxEvent, append: (row: EventRow) => void): boolean {
  const description = describeEvent(event)
  if (description === null) return false
  append({ event, ...description, count: 1, last: event })
  return true
}

/** What a link reports once for each connection. */
function isRepeated(what: LinkEvent['what']): what is Repeated {
  return what in words
}

function isDown(state: InstanceEvent['state']): boolean {
  return state === 'exited' || state === 'absent' || state === 'paused' || state === 'starting'
}

interface Cause {
  readonly id: string
  readonly text: string
}

/** The newest fault on the link or on one of its ends, else an end that is down. */
function causeOf(
  link: string,
  faults: ReadonlyMap<string, FaultEvent['fault']>,
  down: ReadonlyMap<string, InstanceEvent>,
): Cause | undefined {
  const names = new Set([link, ...link.split(':')])
  const fault = [...faults.values()].findLast(({ targets }) => targets.some((t) => names.has(t)))
  if (fault !== undefined) return { id: `fault ${fault.id}`, text: describeActiveFault(fault) }
  const name = link.split(':').find((end) => down.has(end))
  return name === undefined ? undefined : { id: `down ${name}`, text: `${name} is down` }
}

const words = {
  reset: 'connections reset',
  'upstream-failed': 'failed attempts to connect',
  opaque: 'connections that cannot be parsed',
  'toxic-missed': 'messages delivered unchanged',
  'toxic-touched': 'connections that a toxic changes',
} as const

type Repeated = keyof typeof words

function textOf({ counts, links, cause }: Group): string {
  const named = [...links]
  const where = named.length <= 3 ? named.join(', ') : `${named.length} links`
  const things = [...counts].map(([what, count]) => `${count} ${words[what]}`).join(', ')
  return `${where}: ${things}${cause === undefined ? '' : ` (${cause})`}`
}
