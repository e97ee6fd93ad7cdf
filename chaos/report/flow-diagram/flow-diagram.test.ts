import { describe, expect, test } from 'vitest'

import type { FlowRecord } from '#chaos/contracts/flow-record.ts'

import { drawFlow, flowDiagramSvg } from './flow-diagram-svg.ts'
import { flowFacts, flowTable, factsAsText } from './flow-facts.ts'
import type { DrawnLabel, FlowLayout } from './flow-layout.ts'
import { flowSlideSvg } from './flow-slide-svg.ts'
import { layOutFlow } from './lay-out-flow.ts'
import {
  comparison,
  crashFlow,
  happyFlow,
  longFlow,
  lostReplyFlow,
  redeliveryFlow,
  retryFlow,
  shapes,
} from './testing/flows.ts'
import { ticksOf } from './time-scale.ts'

const drawings: readonly (readonly [string, FlowRecord])[] = Object.entries(shapes).map(
  ([name, make]) => [name, make()],
)

describe.each(drawings)('%s', (_, record) => {
  const layout = layOutFlow(record)
  const [part] = layout.parts
  const svg = drawFlow(layout)

  test('the time axis is to scale outside of folds, and never runs backwards', () => {
    const { yOf, pxPerMs, folds } = part!.scale
    const times = record.messages.flatMap(({ sentMs, arrivedMs }) => [sentMs, arrivedMs ?? sentMs])
    const sorted = times.toSorted((a, b) => a - b)
    let compared = 0
    for (const [i, ms] of sorted.slice(1).entries()) {
      const before = sorted[i]!
      expect(yOf(ms)).toBeGreaterThanOrEqual(yOf(before))
      if (folds.some((fold) => fold.toMs > before && fold.fromMs < ms)) continue
      compared += 1
      expect(yOf(ms) - yOf(before)).toBeCloseTo((ms - before) * pxPerMs, 6)
    }
    expect(compared).toBeGreaterThan(5)
  })

  test('each arrow begins and ends at its times and lines', () => {
    const { yOf } = part!.scale
    const xOf = new Map(part!.lanes.map(({ lane, x }) => [lane.name, x]))
    for (const { message, x1, y1 } of part!.arrows)
      expect([x1, y1]).toEqual([xOf.get(message.from), yOf(message.sentMs)])
    for (const { message, x2, y2 } of part!.arrows.filter(({ isLost }) => !isLost))
      expect([x2, y2]).toEqual([xOf.get(message.to), yOf(message.arrivedMs!)])
  })

  test('every message is drawn once, and named once', () => {
    const drawn = [...svg.matchAll(/data-message="(\d+)"/g)].map(([, index]) => Number(index))
    expect(drawn.toSorted((a, b) => a - b)).toEqual(record.messages.map((_, i) => i))
    const named = part!.labels.filter(({ of }) => of === 'message')
    expect(new Set(named.map(({ index }) => index)).size).toBe(named.length)
    for (const [i, { part: side, text }] of record.messages.entries()) {
      if (side !== 'request') continue
      const [line] = named.find(({ index }) => index === i)?.lines ?? []
      expect(line).toContain(text.slice(0, 15))
    }
  })

  test('no label overlaps another one, a line of a process, or the edge', () => {
    expect(overlaps(layout)).toEqual([])
  })

  test('a lost message ends in the air, before the line of its receiver', () => {
    const lost = part!.arrows.filter(({ isLost }) => isLost)
    expect(lost).toHaveLength(record.messages.filter((one) => one.arrivedMs === undefined).length)
    const xOf = new Map(part!.lanes.map(({ lane, x }) => [lane.name, x]))
    for (const { message, x1, x2 } of lost) {
      const to = xOf.get(message.to)!
      expect(Math.sign(x2 - x1)).toBe(Math.sign(to - x1))
      expect(Math.abs(to - x2)).toBeGreaterThan(25)
    }
  })

  test('every fault, gap, attempt and holding is drawn, with a label', () => {
    const counts = (of: DrawnLabel['of']): number =>
      part!.labels.filter((label) => label.of === of).length
    expect([counts('fault'), part!.bands.length]).toEqual([
      record.faults.length,
      record.faults.length,
    ])
    expect([counts('gap'), part!.gaps.length]).toEqual([record.gaps.length, record.gaps.length])
    expect(counts('attempt')).toBe(record.attempts.length)
    expect(counts('holding')).toBe(record.holdings.length)
  })

  test('the text has one line for each fact of the diagram', () => {
    const { messages, attempts, faults, gaps, holdings } = record
    const all = [messages, attempts, faults, gaps, holdings].flat().length
    expect(flowFacts(record)).toHaveLength(all)
    expect(factsAsText(record).split('\n')).toHaveLength(all + 1)
    expect(flowTable(record).match(/<tr/g)).toHaveLength(all + 1)
  })
})

describe('folds', () => {
  test('a long idle time is folded, and the break says how long it is', () => {
    const { scale } = layOutFlow(redeliveryFlow()).parts[0]!
    const longest = Math.max(...scale.folds.map(({ fromMs, toMs }) => toMs - fromMs))
    expect(longest).toBeGreaterThan(4_900)
    expect(drawFlow(layOutFlow(redeliveryFlow()))).toContain('⋮ 5.00 s')
    const { fromMs, toMs } = redeliveryFlow()
    expect(scale.bottom).toBeLessThan((toMs - fromMs) * scale.pxPerMs)
  })

  test('no event is inside of a fold, and no tick is', () => {
    const { scale, record } = layOutFlow(crashFlow()).parts[0]!
    const inFold = (ms: number): boolean =>
      scale.folds.some((fold) => ms > fold.fromMs && ms < fold.toMs)
    expect(scale.folds.length).toBeGreaterThan(1)
    expect(record.messages.filter(({ sentMs }) => inFold(sentMs))).toEqual([])
    expect(ticksOf(scale).filter(({ ms }) => inFold(ms))).toEqual([])
  })

  test('the inverse of the scale gives the time of each place', () => {
    const { scale } = layOutFlow(retryFlow()).parts[0]!
    for (let ms = scale.fromMs; ms < scale.toMs; ms += 17.3)
      expect(scale.msOf(scale.yOf(ms))).toBeCloseTo(ms, 6)
  })
})

describe('marks', () => {
  test('a trap is at the moment at which it struck, between the lines of its link', () => {
    const { bands, scale, lanes, record } = layOutFlow(lostReplyFlow()).parts[0]!
    const [band] = bands
    const [x1, x2] = ['api-1', 'postgres'].map(
      (name) => lanes.find(({ lane }) => lane.name === name)?.x,
    )
    expect(band).toMatchObject({ x1, x2, fromY: scale.yOf(record.faults[0]!.fromMs) })
    expect(band?.toY).toBe(band?.fromY)
  })

  test('the line of an instance is interrupted while it is down', () => {
    const layout = layOutFlow(crashFlow())
    const [down] = layout.parts[0]!.gaps
    const lines = [
      ...drawFlow(layout).matchAll(
        /class="lane" x1="([\d.]+)" x2="[\d.]+" y1="([\d.]+)" y2="([\d.]+)"/g,
      ),
    ]
      .map(([, x, from, to]) => ({ x: Number(x), from: Number(from), to: Number(to) }))
      .filter(({ x }) => Math.abs(x - down!.x) < 0.1)
    expect(lines).toHaveLength(2)
    const middle = (down!.fromY + down!.toY) / 2
    expect(lines.filter(({ from, to }) => from < middle && to > middle)).toEqual([])
  })

  test('beside a fault-free flow, each difference has its mark, and both have one scale', () => {
    const compared = comparison()
    const layout = layOutFlow(compared)
    const [flow, faultFree] = layout.parts
    const toned = (tone: string): number =>
      layout.parts.flatMap(({ arrows }) => arrows).filter((arrow) => arrow.tone === tone).length
    expect(toned('missing')).toBe(compared.missing.length)
    const added = compared.flow.messages.filter(
      ({ differs, fault }) => differs === 'new' && fault === undefined,
    )
    expect(toned('new')).toBe(added.length)
    expect(flow!.scale.pxPerMs).toBe(faultFree!.scale.pxPerMs)
    expect(faultFree!.x).toBeGreaterThan(flow!.x + flow!.width)
    expect(overlaps(layout)).toEqual([])
    expect(layOutFlow(compared, { isBeside: false }).parts).toHaveLength(1)
  })

  test('faults that begin after the end of the fault-free flow are not drawn in it', () => {
    const compared = comparison()
    const later = { label: 'latency', on: 'api-1:postgres', fromMs: 90_000, toMs: 91_000 }
    const faultFree = { ...compared.faultFree, toMs: 95_000, faults: [later] }
    const [, beside] = layOutFlow({ ...compared, faultFree }).parts
    expect(beside!.bands).toEqual([])
    expect(beside!.scale.toMs).toBeLessThan(90_000)
  })

  test('an incomplete recording says why', () => {
    const flow = { ...happyFlow(), isComplete: false, incompleteBecause: 'the recording was full' }
    expect(flowDiagramSvg(flow)).toContain('the recording was full')
    expect(factsAsText(flow)).toContain('the recording was full')
  })

  test('zoom stretches the time axis', () => {
    const [once, twice] = [1, 2].map(
      (zoom) => layOutFlow(happyFlow(), { zoom }).parts[0]!.scale.pxPerMs,
    )
    expect(twice).toBe(2 * once!)
  })
})

describe('files of their own', () => {
  test.each(['light', 'dark'] as const)(
    'with %s colours nothing depends on a style sheet',
    (colours) => {
      const svg = flowDiagramSvg(comparison(), { colours })
      expect(svg).not.toMatch(/var\(|<style|style=|class="[^"]*"[^>]*fill="var/)
      expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"')
    },
  )

  test('markup in the content of messages is text', () => {
    const flow = lostReplyFlow()
    const [first, ...rest] = flow.messages
    const evil = {
      ...flow,
      title: '<b>',
      messages: [{ ...first!, text: '<i>"', summary: '</svg>' }, ...rest],
    }
    expect(flowDiagramSvg(evil)).not.toMatch(/<b>|<i>|<\/svg>./)
    expect(flowTable(evil)).not.toMatch(/<i>|<\/svg>/)
  })

  test('a slide has the proportions of a screen, its sentence, and names on what differs', () => {
    const svg = flowSlideSvg(comparison(), { headline: 'The reply & the COMMIT' })
    expect(svg).toContain('viewBox="0 0 1600 900"')
    expect(svg).toContain('The reply &amp; the COMMIT')
    expect(svg).toContain('cut by the trap')
    expect(svg).not.toContain('BEGIN ←')
  })
})

test('with more messages the labels still have space, whatever the height', () => {
  for (const heightMax of [300, 1_000, 6_000])
    expect(overlaps(layOutFlow(longFlow(400), { heightMax }))).toEqual([])
})

/** Labels that overlap another one, a line, or the edge of the drawing. */
function overlaps({ parts, width, height, top }: FlowLayout): string[] {
  const labels = parts.flatMap((part) => part.labels)
  const words = ({ lines, x, y }: DrawnLabel): string => `${lines.join(' ')} at ${x}, ${y}`
  const found: string[] = []
  for (const [i, a] of labels.entries()) {
    if (a.x < 0 || a.x + a.width > width || a.y < top - 1 || a.y + a.height > height)
      found.push(`edge: ${words(a)}`)
    for (const { x } of parts.flatMap((part) => part.lanes))
      if (x > a.x && x < a.x + a.width) found.push(`line: ${words(a)}`)
    for (const b of labels.slice(i + 1)) {
      const isApart =
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y ||
        b.y + b.height <= a.y
      if (!isApart) found.push(`${words(a)} and ${words(b)}`)
    }
  }
  return found
}
