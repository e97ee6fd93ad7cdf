import type { FlowLane, FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'

import { columnLabels, type LabelColumn, type LabelRequest } from './column-labels.ts'
import {
  charWidth,
  type DrawnArrow,
  type DrawnBand,
  type DrawnLane,
  type FlowPart,
  type HoldingColumn,
  rowHeight,
  type Tone,
} from './flow-layout.ts'
import { createTimeScale, type TimeScale } from './time-scale.ts'
import { durationWords } from './time-words.ts'

export interface PartOptions {
  readonly x: number
  readonly top: number
  readonly pxPerMs: number
  readonly title: string
  /** Whether the attempts and what the sources of truth hold are drawn too. */
  readonly isWhole: boolean
  /** `important`: of the client, and what differs from a run without a fault. */
  readonly names: 'all' | 'important'
  /** Messages of a fault-free flow that the other one does not have. */
  readonly missing: ReadonlySet<FlowMessage>
}

/** One flow, and how far its labels are from their places on average. */
export interface LaidOutPart {
  readonly part: FlowPart
  readonly crowding: number
}

const axisWidth = 76
const attemptsWidth = 140
const holdingWidth = 136
/** Space between a line and the texts beside it. Leader lines are there. */
const gutter = 18
/** The longest text between two lines, in characters. What is longer is shortened. */
const charsMax = 27

/** Places one flow at a given scale. */
export function layOutPart(record: FlowRecord, options: PartOptions): LaidOutPart {
  const { top, isWhole } = options
  const scale = createTimeScale(timesOf(record, isWhole), options)
  const axisX = options.x + axisWidth - 8
  const attempts = isWhole && record.attempts.length > 0 ? attemptsWidth : 0
  const slots = slotsOf(record, lanesOf(record))
  const lanes = placeLanes(record, slots, options.x + axisWidth + attempts + 34)
  const lastX = lanes.at(-1)?.x ?? axisX
  // The fault-free flow of a comparison can have a single line.
  const lanesEnd = lastX + Math.max(40, lanes.length < 2 ? 170 : 0)
  const arrows = record.messages.flatMap((message, index) =>
    arrowOf(message, index, { lanes, scale, missing: options.missing }),
  )
  const bands = record.faults.flatMap((fault) => bandOf(fault, lanes, scale))
  const holdings = isWhole ? holdingColumns(record, lanesEnd + 10, scale) : []
  const between = betweenLanes({ record, lanes, arrows, bands, scale, slots, names: options.names })
  const columns = [
    ...between,
    ...(attempts === 0 ? [] : [attemptColumn(record, axisX + 14, scale)]),
    ...holdings.map((column) => holdingLabels(record, column)),
  ]
  const placed = columns.map(({ column, requests }) => columnLabels(column, requests, top))
  const labels = placed.flatMap(({ labels }) => labels)
  const named = between.reduce((sum, { requests }) => sum + requests.length, 0)
  const bottom = Math.max(scale.bottom, ...labels.map(({ y, height }) => y + height)) + 16
  const right = Math.max(
    lanesEnd,
    holdings.length === 0 ? 0 : lanesEnd + 10 + holdings.length * holdingWidth,
  )
  const part: FlowPart = {
    record,
    title: options.title,
    x: options.x,
    width: Math.max(right - options.x, options.title.length * 7.6 + 16),
    scale,
    axisX,
    lanes,
    bottom,
    arrows,
    bands,
    gaps: record.gaps.flatMap((gap) => {
      const lane = lanes.find((one) => one.lane.name === gap.lane)
      return lane === undefined
        ? []
        : [{ gap, x: lane.x, fromY: scale.yOf(gap.fromMs), toY: scale.yOf(gap.toMs) }]
    }),
    attempts: attempts === 0 ? [] : attemptBars(record, axisX + 4, scale),
    holdings: holdings.map((column) => ({
      ...column,
      pieces: column.pieces.map((piece, i) =>
        i === column.pieces.length - 1 ? { ...piece, toY: bottom - 8 } : piece,
      ),
    })),
    labels,
    notes: notesOf(record, bands),
  }
  const corridors = placed.slice(0, between.length)
  const distance = corridors.reduce((sum, one) => sum + one.distance, 0)
  return { part, crowding: named === 0 ? 0 : distance / named }
}

function timesOf(record: FlowRecord, isWhole: boolean): number[] {
  return [
    ...record.messages.flatMap(({ sentMs, arrivedMs }) => [sentMs, arrivedMs ?? sentMs]),
    ...record.gaps.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...record.faults.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...record.attempts.flatMap(({ startMs, endMs }) => [startMs, endMs]),
    ...(isWhole ? record.holdings.map(({ atMs }) => atMs) : []),
    record.fromMs,
    record.toMs,
  ]
}

/** The lines that take part: a system can have many more instances than one flow reaches. */
function lanesOf(record: FlowRecord): FlowRecord['lanes'] {
  const used = new Set([
    ...record.messages.flatMap(({ from, to }) => [from, to]),
    ...record.gaps.map(({ lane }) => lane),
    ...record.attempts.map(({ instance }) => instance),
    ...record.faults.map(({ on }) => on),
  ])
  return record.lanes.filter(({ name, kind }) => kind === 'client' || used.has(name))
}

interface ArrowContext {
  readonly lanes: readonly DrawnLane[]
  readonly scale: TimeScale
  readonly missing: ReadonlySet<FlowMessage>
}

function arrowOf(
  message: FlowMessage,
  index: number,
  { lanes, scale, missing }: ArrowContext,
): readonly DrawnArrow[] {
  const from = lanes.find(({ lane }) => lane.name === message.from)
  const to = lanes.find(({ lane }) => lane.name === message.to)
  if (from === undefined || to === undefined) return []
  const y1 = scale.yOf(message.sentMs)
  const isLost = message.arrivedMs === undefined
  const tone: Tone =
    isLost || message.fault !== undefined
      ? 'fault'
      : missing.has(message)
        ? 'missing'
        : message.differs === 'new'
          ? 'new'
          : message.differs === 'same'
            ? 'quiet'
            : 'plain'
  return [
    {
      index,
      message,
      x1: from.x,
      y1,
      // Far enough from both lines that the end is clearly in the air.
      x2: isLost ? from.x + (to.x - from.x) * 0.55 : to.x,
      // Two clocks can differ by less than a millisecond. A message arrives after it was sent.
      y2: isLost ? y1 + 5 : scale.yOf(Math.max(message.sentMs, message.arrivedMs ?? 0)),
      isLost,
      tone,
    },
  ]
}

function bandOf(
  fault: FlowRecord['faults'][number],
  lanes: readonly DrawnLane[],
  scale: TimeScale,
): readonly DrawnBand[] {
  const names = fault.on.split(':')
  const xs = lanes.filter(({ lane }) => names.includes(lane.name)).map(({ x }) => x)
  if (xs.length < names.length) return []
  const edge = names.length === 1 ? 11 : 0
  return [
    {
      fault,
      x1: Math.min(...xs) - edge,
      x2: Math.max(...xs) + edge,
      fromY: scale.yOf(fault.fromMs),
      toY: scale.yOf(fault.toMs),
    },
  ]
}

interface LabelledColumn {
  readonly column: LabelColumn
  readonly requests: readonly LabelRequest[]
}

interface Lanes {
  readonly record: FlowRecord
  readonly lanes: readonly DrawnLane[]
  readonly arrows: readonly DrawnArrow[]
  readonly bands: readonly DrawnBand[]
  readonly scale: TimeScale
  readonly slots: Slots
  readonly names: PartOptions['names']
}

/** The labels between each two lines. A link over several lines has its labels where the fewest others are. */
function betweenLanes(all: Lanes): readonly LabelledColumn[] {
  const { record, lanes, arrows, bands, scale, slots } = all
  const requests: LabelRequest[][] = Array.from({ length: Math.max(1, lanes.length - 1) }, () => [])
  const left = (slot: number): number => lanes[slot]?.x ?? 0
  const add = (slot: number, request: LabelRequest): void => {
    requests[Math.min(requests.length - 1, Math.max(0, slot))]?.push(request)
  }
  for (const [index, fault] of record.faults.entries()) {
    const band = bands.find((one) => one.fault === fault)
    if (band === undefined) continue
    const slot = lanes.findIndex(({ x }) => x >= band.x1)
    add(slot, {
      of: 'fault',
      index,
      text: `⚡ ${fault.label}`,
      linesMax: 3,
      atY: band.fromY,
      side: fault.toMs > fault.fromMs ? 'below' : 'above',
      target: { x: left(slot) + 4, y: band.fromY },
      tone: 'fault',
      weight: 40,
    })
  }
  for (const [index, gap] of record.gaps.entries()) {
    const slot = lanes.findIndex(({ lane }) => lane.name === gap.lane)
    if (slot < 0) continue
    const fromY = scale.yOf(gap.fromMs)
    add(slot, {
      of: 'gap',
      index,
      text: `${gap.lane} ${gapWords(gap)}`,
      linesMax: 2,
      // Below the names of the messages that the crash cut.
      atY: fromY + 2 * rowHeight,
      side: 'below',
      target: { x: left(Math.min(slot, requests.length - 1)) + 8, y: fromY + 4 },
      tone: gap.isPlanned ? 'quiet' : 'fault',
      weight: 20,
    })
  }
  for (const group of labelGroups(arrows)) {
    if (all.names === 'important' && !isImportant(group, lanes)) continue
    const slot = slots(group.arrow.message)
    add(slot, messageLabel(group, left(slot)))
  }
  return requests.map((list, slot) => ({
    column: {
      x: left(slot) + gutter,
      width: (lanes[slot + 1]?.x ?? left(slot) + 180) - left(slot) - gutter - 6,
    },
    requests: list,
  }))
}

interface LabelGroup {
  readonly arrow: DrawnArrow
  /** The reply that the same label names. */
  readonly reply?: DrawnArrow
}

/** A reply soon after its request has its status in the label of the request. */
function labelGroups(arrows: readonly DrawnArrow[]): readonly LabelGroup[] {
  const replies = new Map(
    arrows.flatMap((arrow) =>
      arrow.message.part === 'reply' ? [[arrow.message.exchange, arrow] as const] : [],
    ),
  )
  const groups: LabelGroup[] = []
  const named = new Set<DrawnArrow>()
  for (const arrow of arrows) {
    if (arrow.message.part === 'reply') continue
    const reply = replies.get(arrow.message.exchange)
    if (
      reply === undefined ||
      named.has(reply) ||
      reply.tone !== arrow.tone ||
      reply.isLost ||
      reply.y2 - arrow.y1 > 30
    ) {
      groups.push({ arrow })
      continue
    }
    named.add(reply)
    groups.push({ arrow, reply })
  }
  const rest = arrows.filter((arrow) => arrow.message.part === 'reply' && !named.has(arrow))
  return [...groups, ...rest.map((arrow) => ({ arrow }))]
}

function isImportant({ arrow }: LabelGroup, lanes: readonly DrawnLane[]): boolean {
  const ends = [arrow.message.from, arrow.message.to]
  return (
    (arrow.tone !== 'plain' && arrow.tone !== 'quiet') ||
    lanes.some(({ lane }) => lane.kind === 'client' && ends.includes(lane.name))
  )
}

function messageLabel({ arrow, reply }: LabelGroup, laneX: number): LabelRequest {
  const { message, index, isLost, tone } = arrow
  const direction = arrow.x2 > arrow.x1 ? '→' : '←'
  const mark = isLost ? '✕ ' : tone === 'new' ? '+ ' : tone === 'missing' ? '− ' : ''
  const fault = message.fault === undefined ? '' : `: ${message.fault}`
  const status = reply === undefined ? '' : ` ${reply.message.text}`.trimEnd()
  const text = message.text === '' ? 'reply' : message.text
  // Where the arrow is at the left edge of the labels.
  const x = isLost && arrow.x2 < arrow.x1 ? arrow.x2 : laneX + 4
  const share = (x - arrow.x1) / (arrow.x2 - arrow.x1)
  const y = arrow.y1 + Math.min(1, Math.max(0, share)) * (arrow.y2 - arrow.y1)
  return {
    of: 'message',
    index,
    text: `${mark}${direction} ${text}${isLost && fault === '' ? ' is lost' : fault}${status === '' ? '' : ` ${direction === '→' ? '←' : '→'}${status}`}`,
    linesMax: tone === 'fault' ? 3 : 1,
    atY: isLost ? Math.max(y, arrow.y2) : y,
    side: isLost ? 'below' : 'above',
    target: { x, y },
    tone,
    weight: isLost ? 40 : tone === 'new' || tone === 'fault' ? 4 : 1,
  }
}

/** Between which lines the labels of each message are: the number of the line to their left. */
function slotsOf(record: FlowRecord, lanes: readonly FlowLane[]): Slots {
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

type Slots = (message: FlowMessage) => number

/** The lines with their places. The space after a line depends on the texts in it. */
function placeLanes(record: FlowRecord, slots: Slots, x: number): readonly DrawnLane[] {
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

/** `is down, 1.20 s`; `restarts as planned, 300 ms`. */
export function gapWords({ what, fromMs, toMs, isPlanned }: FlowRecord['gaps'][number]): string {
  const words = { down: 'is down', paused: 'is paused', starting: 'starts' }[what]
  return `${words}${isPlanned ? ' as planned' : ''}, ${durationWords(toMs - fromMs)}`
}

/** Attempts that overlap are side by side. */
function attemptBars(record: FlowRecord, x: number, scale: TimeScale): FlowPart['attempts'] {
  const ends: number[] = []
  return record.attempts.map((attempt) => {
    const free = ends.findIndex((endMs) => endMs <= attempt.startMs)
    const place = free < 0 ? ends.length : free
    ends[place] = attempt.endMs
    return {
      attempt,
      x: x + Math.min(place, 1) * 5,
      fromY: scale.yOf(attempt.startMs),
      toY: Math.max(scale.yOf(attempt.startMs) + 3, scale.yOf(attempt.endMs)),
    }
  })
}

function attemptColumn(record: FlowRecord, x: number, scale: TimeScale): LabelledColumn {
  return {
    column: { x: x + 4, width: attemptsWidth - 20 },
    requests: record.attempts.map((attempt, index) => {
      const y = scale.yOf(attempt.startMs)
      return {
        of: 'attempt' as const,
        index,
        text: `attempt ${index + 1}, ${attempt.instance}: ${attempt.result}, ${durationWords(attempt.endMs - attempt.startMs)}`,
        linesMax: 3,
        atY: y,
        side: 'below' as const,
        target: { x: x - 6, y: y + 3 },
        tone: { ok: 'good', fail: 'wrong', unknown: 'unsure' }[attempt.outcome] as Tone,
        weight: 1,
      }
    }),
  }
}

function holdingColumns(record: FlowRecord, x: number, scale: TimeScale): HoldingColumn[] {
  const sources = [...new Set(record.holdings.map(({ source }) => source))]
  return sources.map((source, i) => {
    const own = record.holdings
      .filter((holding) => holding.source === source)
      .toSorted((a, b) => a.atMs - b.atMs)
    return {
      source,
      x: x + i * holdingWidth,
      pieces: own.map((holding, j) => ({
        holding,
        x: x + i * holdingWidth + 4,
        fromY: scale.yOf(holding.atMs),
        toY: scale.yOf(own[j + 1]?.atMs ?? scale.toMs),
      })),
    }
  })
}

function holdingLabels(record: FlowRecord, { x, pieces }: HoldingColumn): LabelledColumn {
  return {
    column: { x: x + gutter, width: holdingWidth - gutter - 8 },
    requests: pieces.map(({ holding, fromY }) => ({
      of: 'holding' as const,
      index: record.holdings.indexOf(holding),
      text: `${holding.isWrong === true ? '✕ ' : ''}${holding.text}`,
      linesMax: 4,
      atY: fromY,
      side: 'below' as const,
      target: { x: x + 6, y: fromY + 2 },
      tone: holding.isWrong === true ? 'wrong' : 'plain',
      weight: 1,
    })),
  }
}

function notesOf(record: FlowRecord, bands: readonly DrawnBand[]): string[] {
  const elsewhere = record.faults.filter((fault) => bands.every((band) => band.fault !== fault))
  return [
    ...(elsewhere.length === 0
      ? []
      : [
          `Faults on links without a message of this flow: ${[...new Set(elsewhere.map(({ label }) => label))].join('; ')}.`,
        ]),
    ...(record.isComplete
      ? []
      : [`The recording is incomplete: ${record.incompleteBecause ?? 'messages are missing'}.`]),
  ]
}
