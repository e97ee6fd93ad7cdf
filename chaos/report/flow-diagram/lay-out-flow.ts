import { type FlowComparison, flowOf, type FlowRecord } from '#chaos/contracts/flow-record.ts'

import { charWidth, type FlowLayout, type FlowPart, type Tone } from './flow-layout.ts'
import { layOutPart, type LaidOutPart } from './lay-out-part.ts'
import { wrapText } from './wrap-text.ts'

export interface FlowLayoutOptions {
  /** Draws the fault-free flow of a comparison beside the flow. The default is true. */
  readonly isBeside?: boolean
  /** Stretches the time axis: 2 is twice the height. */
  readonly zoom?: number
  /** The time axis is not stretched over this height to give the labels more space. */
  readonly heightMax?: number
  /** Which arrows have names. `important`: those of the client, and what differs from a run without a fault. */
  readonly names?: 'all' | 'important'
}

/** Space for the title and the names of the lines. */
const top = 78
const scales = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200,
] as const
/** Labels may be this far from their places on average: a quarter of a row. */
const crowdingMax = 3
const besideGap = 36

/**
 * Places everything in a space-time diagram. Both flows of a comparison have the same scale: the smallest one at which the
 * labels are near what they name.
 */
export function layOutFlow(
  drawn: FlowRecord | FlowComparison,
  { isBeside = true, zoom = 1, heightMax = 6_000, names = 'all' }: FlowLayoutOptions = {},
): FlowLayout {
  const comparison = 'flow' in drawn ? drawn : null
  const flow = flowOf(drawn)
  const faultFree = isBeside && comparison !== null ? untilItsEnd(comparison.faultFree) : undefined
  const layOutAt = (pxPerMs: number): readonly LaidOutPart[] => {
    const first = layOutPart(flow, {
      x: 0,
      top,
      pxPerMs,
      title: flow.title,
      isWhole: true,
      names,
      missing: new Set(),
    })
    if (faultFree === undefined) return [first]
    const second = layOutPart(faultFree, {
      x: first.part.width + besideGap,
      top,
      pxPerMs,
      title: `Without a fault: ${faultFree.title}`,
      isWhole: false,
      names,
      missing: missingIn(comparison),
    })
    return [first, second]
  }
  const pxPerMs = scaleFor(layOutAt, heightMax) * zoom
  const parts = layOutAt(pxPerMs).map(({ part }) => part)
  const last = parts.at(-1)
  const width = Math.ceil((last?.x ?? 0) + (last?.width ?? 0) + 8)
  const texts = [legend(parts), ...parts.flatMap(({ notes }) => notes)].flatMap((text) =>
    wrapText(text, Math.floor((width - 16) / charWidth), 4),
  )
  const bottom = Math.max(...parts.map((part) => part.bottom))
  return { width, height: Math.ceil(bottom + 14 + texts.length * 16), top, parts, texts }
}

/** A fault-free flow without what happened after its last message: the faults of the same run begin later. */
function untilItsEnd(flow: FlowRecord): FlowRecord {
  const ends = [
    ...flow.messages.map(({ sentMs, arrivedMs }) => arrivedMs ?? sentMs),
    ...flow.attempts.map(({ endMs }) => endMs),
  ]
  if (ends.length === 0) return flow
  const toMs = Math.max(...ends)
  return {
    ...flow,
    toMs,
    faults: flow.faults.filter(({ fromMs }) => fromMs <= toMs),
    gaps: flow.gaps.filter(({ fromMs }) => fromMs <= toMs),
  }
}

/** The messages of the fault-free flow that the flow does not have, as objects of the former. */
function missingIn(comparison: FlowComparison | null): ReadonlySet<FlowRecord['messages'][number]> {
  const keys = new Set(comparison?.missing.map(({ exchange, part }) => `${part} ${exchange}`))
  return new Set(
    comparison?.faultFree.messages.filter(({ exchange, part }) => keys.has(`${part} ${exchange}`)),
  )
}

function scaleFor(
  layOutAt: (pxPerMs: number) => readonly LaidOutPart[],
  heightMax: number,
): number {
  let best: number = scales[0]
  for (const pxPerMs of scales) {
    const parts = layOutAt(pxPerMs)
    if (pxPerMs > scales[0] && parts.some(({ part }) => part.scale.bottom > heightMax)) return best
    best = pxPerMs
    if (parts.every(({ crowding }) => crowding <= crowdingMax)) return best
  }
  return best
}

/** What the marks of this diagram mean. Only those that it has. */
function legend(parts: readonly FlowPart[]): string {
  const arrows = parts.flatMap((part) => part.arrows)
  const has = (tone: Tone): boolean => arrows.some((arrow) => arrow.tone === tone)
  return [
    '0 ms: the first request',
    ...(parts.some((part) => part.record.faults.length > 0) ? ['⚡ fault'] : []),
    ...(arrows.some(({ isLost }) => isLost) ? ['✕ never arrived'] : []),
    ...(has('new') ? ['+ only with the fault'] : []),
    ...(has('missing') ? ['− only without the fault'] : []),
    ...(parts.some(({ scale }) => scale.folds.length > 0)
      ? ['⋮ time without an event, folded']
      : []),
    ...(parts.some(({ labels }) => labels.some(({ leader }) => leader !== undefined))
      ? ['thin lines lead from names to arrows']
      : []),
  ].join(' · ')
}
