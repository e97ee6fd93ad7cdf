import type { FlowRecord } from '#chaos/contracts/flow-record.ts'

import type { LabelledColumn, LabelRequest } from './column-labels.ts'
import { type DrawnArrow, type DrawnBand, type DrawnLane, rowHeight } from './flow-layout.ts'
import { gapWords } from './moment-words.ts'
import { gutter, type Slots } from './place-lanes.ts'
import type { TimeScale } from './time-scale.ts'

interface Lanes {
  readonly record: FlowRecord
  readonly lanes: readonly DrawnLane[]
  readonly arrows: readonly DrawnArrow[]
  readonly bands: readonly DrawnBand[]
  readonly scale: TimeScale
  readonly slots: Slots
  readonly names: 'all' | 'important'
}

/** The labels between each two lines. A link over several lines has its labels where the fewest others are. */
export function labelsBetweenLanes(all: Lanes): readonly LabelledColumn[] {
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
