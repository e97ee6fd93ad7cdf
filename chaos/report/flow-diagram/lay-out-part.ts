import type { FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'

import { attemptBars, attemptColumn, attemptsWidth } from './attempt-column.ts'
import { columnLabels } from './column-labels.ts'
import type { DrawnArrow, DrawnBand, DrawnLane, FlowPart, Tone } from './flow-layout.ts'
import { holdingColumns, holdingLabels, holdingWidth } from './holding-columns.ts'
import { labelsBetweenLanes } from './labels-between-lanes.ts'
import { lanesOf, placeLanes, slotsOf } from './place-lanes.ts'
import { createTimeScale, type TimeScale } from './time-scale.ts'

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
  const between = labelsBetweenLanes({
    record,
    lanes,
    arrows,
    bands,
    scale,
    slots,
    names: options.names,
  })
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
