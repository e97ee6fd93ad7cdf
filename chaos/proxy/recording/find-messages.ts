import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import { MessageFinder, type MessageLimits } from './message-finder.ts'
import { readRecords } from './traffic-records.ts'

/** The messages in recorded traffic. */
export interface FoundMessages {
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
  const keptLength = Math.max(0, ...flows.map(({ length }) => length - 1))
  const tails = new Map<string, string>()
  for (const { id, event } of readRecords(records)) {
    if (event.what !== 'read' || found.has(id)) continue
    const stream = `${event.stream} ${id}`
    const text = (tails.get(stream) ?? '') + event.bytes.toString('latin1')
    if (flows.some((flow) => text.includes(flow))) found.add(id)
    else tails.set(stream, keptLength === 0 ? '' : text.slice(-keptLength))
  }
  return found
}
