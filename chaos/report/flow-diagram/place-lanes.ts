import type { FlowLane, FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'

import { charWidth, type DrawnLane } from './flow-layout.ts'

/** Space between a line and the texts beside it. Leader lines are there. */
export const gutter = 18
/** The longest text between two lines, in characters. What is longer is shortened. */
const charsMax = 27

/** The lines that take part: a system can have many more instances than one flow reaches. */
export function lanesOf(record: FlowRecord): FlowRecord['lanes'] {
  const used = new Set([
    ...record.messages.flatMap(({ from, to }) => [from, to]),
    ...record.gaps.map(({ lane }) => lane),
    ...record.attempts.map(({ instance }) => instance),
    ...record.faults.map(({ on }) => on),
  ])
  return record.lanes.filter(({ name, kind }) => kind === 'client' || used.has(name))
}

/** Between which lines the labels of each message are: the number of the line to their left. */
export function slotsOf(record: FlowRecord, lanes: readonly FlowLane[]): Slots {
  const place = new Map(lanes.map(({ name }, i) => [name, i]))
  const counts = new Map<string, { readonly from: number; readonly to: number; count: number }>()
  const endsOf = ({ from, to }: FlowMessage): readonly [number, number] => {
    const [a, b] = [place.get(from) ?? 0, place.get(to) ?? 0]
    return [Math.min(a, b), Math.max(a, b)]
  }
  for (const message of record.messages) {
    const [from, to] = endsOf(message)
    const link = counts.get(`${from}-${to}`) ?? { from, to, count: 0 }
    link.count += 1
    counts.set(`${from}-${to}`, link)
  }
  const loads = lanes.map(() => 0)
  const chosen = new Map<string, number>()
  for (const [key, { from, to, count }] of [...counts].toSorted(
    ([, a], [, b]) => a.to - a.from - (b.to - b.from),
  )) {
    let best = from
    for (let slot = from; slot < to; slot += 1)
      if ((loads[slot] ?? 0) < (loads[best] ?? 0)) best = slot
    loads[best] = (loads[best] ?? 0) + count
    chosen.set(key, best)
  }
  return (message) => {
    const [from, to] = endsOf(message)
    // A lost message is seen next to its sender only.
    if (message.arrivedMs === undefined)
      return place.get(message.from) === from ? from : Math.max(from, to - 1)
    return chosen.get(`${from}-${to}`) ?? from
  }
}

export type Slots = (message: FlowMessage) => number

/** The lines with their places. The space after a line depends on the texts in it. */
export function placeLanes(record: FlowRecord, slots: Slots, x: number): readonly DrawnLane[] {
  const lanes = lanesOf(record)
  const chars = lanes.map(({ name }, i) =>
    Math.max(6, (name.length + (lanes[i + 1]?.name.length ?? 0)) / 2 + 2),
  )
  const need = (slot: number, count: number): void => {
    chars[slot] = Math.max(chars[slot] ?? 0, Math.min(count, charsMax))
  }
  const replies = new Map(
    record.messages.flatMap((one) =>
      one.part === 'reply' ? [[one.exchange, one.text] as const] : [],
    ),
  )
  for (const message of record.messages) {
    const status = message.part === 'request' ? (replies.get(message.exchange) ?? '') : ''
    need(slots(message), message.text.length + status.length + 7)
    if (message.fault !== undefined || message.arrivedMs === undefined) need(slots(message), 24)
  }
  const last = Math.max(0, lanes.length - 2)
  for (const fault of record.faults) {
    const [first] = fault.on.split(':')
    const slot = lanes.findIndex(({ name }) => name === first)
    if (slot >= 0) need(Math.min(slot, last), 22)
  }
  for (const gap of record.gaps)
    need(
      Math.min(
        last,
        Math.max(
          0,
          lanes.findIndex(({ name }) => name === gap.lane),
        ),
      ),
      20,
    )
  let at = x
  return lanes.map((lane, i) => {
    const drawn = { lane, x: at }
    at += Math.ceil((chars[i] ?? 6) * charWidth + gutter + 8)
    return drawn
  })
}
