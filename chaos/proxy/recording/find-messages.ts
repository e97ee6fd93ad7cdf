import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import { MessageFinder, type MessageLimits } from './message-finder.ts'
import { placesOfChunks } from './records.ts'

/** The messages in recorded traffic. */
interface FoundMessages {
  /** In the sequence in which they were sent. */
  readonly messages: readonly ExchangeEvent[]
  /** Messages over the limit. */
  readonly missed: number
  /** On the clock of the data plane: the first of them. */
  readonly fullMs?: number
}

/**
 * Finds the messages of these flows, all of them, and some of other flows: only connections that carry one of these keys are read.
 * Without `flows`, it reads everything. It does so in short slices, so its process can do other work meanwhile.
 */
export async function findMessages(
  records: Buffer,
  limits: MessageLimits,
  flows?: readonly string[],
): Promise<FoundMessages> {
  const finder = new MessageFinder(limits)
  await finder.play(records, flows === undefined ? undefined : connectionsOf(records, flows))
  const { missed, fullMs } = finder
  return { messages: finder.messages(), missed, ...(fullMs === undefined ? {} : { fullMs }) }
}

/** The connections that carry one of these keys. A key can begin in one chunk and end in a later one. */
function connectionsOf(records: Buffer, flows: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  // One search over all bytes is much faster than one for each chunk.
  const places = flows.flatMap((flow) => placesOf(records, flow)).toSorted((a, b) => a - b)
  const edge = Math.max(0, ...flows.map(({ length }) => length - 1))
  const ends = new Map<string, string>()
  let next = 0
  for (const { id, stream, from, to } of placesOfChunks(records)) {
    while ((places[next] ?? to) < from) next += 1
    if ((places[next] ?? to) < to) found.add(id)
    if (found.has(id)) continue
    const name = `${stream} ${id}`
    const before = ends.get(name) ?? ''
    const joined = before + records.toString('latin1', from, Math.min(to, from + edge))
    if (before !== '' && flows.some((flow) => joined.includes(flow))) found.add(id)
    const own = records.toString('latin1', Math.max(from, to - edge), to)
    ends.set(name, own.length < edge ? (before + own).slice(-edge) : own)
  }
  return found
}

function placesOf(records: Buffer, flow: string): number[] {
  const places: number[] = []
  const bytes = Buffer.from(flow, 'latin1')
  for (let at = records.indexOf(bytes); at !== -1; at = records.indexOf(bytes, at + 1))
    places.push(at)
  return places
}
