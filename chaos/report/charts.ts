import type { OperationKind, Outcome } from '#chaos/contracts/history.ts'
import { formatRunTime } from '#chaos/contracts/run-clock.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { binsOf, binWidth, stepsOf, type Step } from './bins.ts'
import { roundMarks } from './round-marks.ts'
import type { RunChart, Sample } from './run-chart.ts'

const outcomes: readonly Outcome[] = ['ok', 'unknown', 'fail']

/** SVG paths around the origin: one shape for each kind of operation. The colour shows the outcome. */
export const shapes: readonly string[] = [
  'M-3 -3h6v6h-6z',
  'M-2.8 0a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0',
  'M0 -4L3.6 2.8h-7.2z',
  'M0 -4L4 0L0 4L-4 0z',
]

/** The shape of a kind. A kind that is not listed has the next one. With more kinds than shapes, some have the same one. */
export function shapeOf(kind: OperationKind, kinds: readonly OperationKind[]): string {
  return shapes[shapeNumber(kind, kinds)] ?? ''
}

/** Finished operations per second by outcome, as steps. Every fault is a shaded band with its number. */
export function rateChart(chart: RunChart): string {
  const height = 150
  const { samples, bands, fromMs, toMs } = chart
  const bins = binsOf(
    samples.map(({ ms, operation: { outcome } }) => ({ ms, outcome })),
    { fromMs, toMs, widthMs: binWidth(toMs - fromMs, samples.length), faults: bands },
  )
  const curves = outcomes.map((outcome) => ({ outcome, steps: stepsOf(bins, outcome) }))
  const highest = Math.max(...curves.flatMap(({ steps }) => steps.map(({ value }) => value)))
  const marks = roundMarks(0, Math.max(1, highest * 1.05), 4)
  const top = Math.max(highest * 1.1, 1)
  const y = (value: number): number => height - bottom - (value / top) * (height - bottom - head)
  const paths = curves.map(
    ({ outcome, steps }) =>
      `<path class="line ${outcome}" vector-effect="non-scaling-stroke" d="${stepPath(chart, steps, y)}"/>`,
  )
  // The curves are stretched to the width of the page; texts and marks keep their size.
  const stretched = `<svg width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none">${paths.join('')}</svg>`
  return frame(chart, {
    height,
    label: 'Finished operations per second, by outcome',
    marks: marks.map((value) => ({ y: y(value), text: String(value) })),
    content: stretched,
  })
}

/** One mark per operation: its end and its latency on a logarithmic scale. `data-flow` is the client's key of the operation. */
export function latencyChart(chart: RunChart, kinds: readonly OperationKind[]): string {
  const height = 240
  const y = (ms: number): number =>
    height - bottom - (Math.log10(Math.min(10_000, Math.max(1, ms))) / 4) * (height - bottom - head)
  const decades = [
    { ms: 1, text: '1 ms' },
    { ms: 10, text: '10 ms' },
    { ms: 100, text: '100 ms' },
    { ms: 1_000, text: '1 s' },
    { ms: 10_000, text: '10 s' },
  ]
  const symbols = shapes.map((shape, i) => `<path id="mark-${i}" d="${shape}"/>`).join('')
  return frame(chart, {
    height,
    label: 'Latency of each operation, on a logarithmic scale',
    marks: decades.map(({ ms, text }) => ({ y: y(ms), text })),
    content: `<defs>${symbols}</defs>${chart.samples.map((sample) => mark(chart, sample, y, kinds)).join('')}`,
  })
}

/** The faults of the charts by their numbers, with their times. Empty without faults. */
export function bandList({ bands }: RunChart): string {
  if (bands.length === 0) return ''
  const rows = bands.map(
    ({ label, fromMs, toMs }) =>
      `<li>${escapeHtml(label)} <span class="muted">${formatRunTime(fromMs)}${toMs > fromMs ? ` to ${formatRunTime(toMs)}` : ''}</span></li>`,
  )
  return `<ol class="bands small">${rows.join('')}</ol>`
}

/** Space above and below the plot. */
const head = 18
const bottom = 22

interface Framed {
  readonly height: number
  readonly label: string
  readonly marks: readonly { readonly y: number; readonly text: string }[]
  readonly content: string
}

/**
 * A plot with its axes. Positions in time are shares of the width, so a chart fits a phone and a projector without a script. The
 * labels of the vertical axis have a column of their own, and those of time stay inside the plot: nothing is cut off.
 */
function frame(chart: RunChart, { height, label, marks, content }: Framed): string {
  const floor = height - bottom
  const labels = marks.map(
    ({ y, text }) =>
      `<text class="tick" x="46" y="${round(y) + 4}" text-anchor="end">${escapeHtml(text)}</text>`,
  )
  const grid = marks.map(
    ({ y }) => `<line class="grid" x1="0" x2="100%" y1="${round(y)}" y2="${round(y)}"/>`,
  )
  return (
    `<div class="plot"><svg class="scale" width="50" height="${height}" aria-hidden="true">${labels.join('')}</svg>` +
    `<svg class="area" width="100%" height="${height}" role="img" aria-label="${escapeHtml(label)}">` +
    [...grid, bands(chart, floor), timeMarks(chart, height), content].join('') +
    '</svg></div>'
  )
}

function bands(chart: RunChart, floor: number): string {
  let lastShare = -1
  let row = 0
  return chart.bands
    .map(({ fromMs, toMs }, i) => {
      const [from, to] = [share(chart, fromMs), share(chart, toMs)]
      // Numbers that are near each other are drawn one below the other.
      row = from - lastShare < 0.025 ? row + 1 : 0
      lastShare = from
      const atEnd = from > 0.97
      return (
        `<rect class="band" x="${percent(from)}" y="0" width="${percent(Math.max(0, to - from))}" height="${floor}"/>` +
        `<line class="edge" x1="${percent(from)}" x2="${percent(from)}" y1="0" y2="${floor}"/>` +
        `<text class="band-label" x="${percent(from)}" dx="${atEnd ? -4 : 4}" y="${12 + 12 * (row % 4)}"${atEnd ? ' text-anchor="end"' : ''}>${i + 1}</text>`
      )
    })
    .join('')
}

const timeMarksMax = 8

function timeMarks(chart: RunChart, height: number): string {
  return roundMarks(chart.fromMs, chart.toMs, timeMarksMax)
    .map((ms) => {
      const at = share(chart, ms)
      const anchor = at < 0.04 ? 'start' : at > 0.96 ? 'end' : 'middle'
      return (
        `<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="${height - bottom}" y2="${height - bottom + 4}"/>` +
        `<text class="tick" x="${percent(at)}" y="${height - 5}" text-anchor="${anchor}">${Number((ms / 1_000).toFixed(1))} s</text>`
      )
    })
    .join('')
}

function mark(
  chart: RunChart,
  { ms, operation }: Sample,
  y: (ms: number) => number,
  kinds: readonly OperationKind[],
): string {
  const { id, key, kind, outcome } = operation
  const took = operation.endMs - operation.startMs
  const title = `${key ?? `${kind} ${id}`}: ${outcome} after ${Math.round(took)} ms, at ${formatRunTime(ms)}`
  const flow = key === undefined ? '' : ` data-flow="${escapeHtml(key)}"`
  return `<use class="mark ${outcome}"${flow} href="#mark-${shapeNumber(kind, kinds)}" x="${percent(share(chart, ms))}" y="${round(y(took))}"><title>${escapeHtml(title)}</title></use>`
}

function stepPath(chart: RunChart, steps: readonly Step[], y: (value: number) => number): string {
  const x = (ms: number): number => round(share(chart, ms) * 1_000, 100)
  const [first] = steps
  if (first === undefined) return ''
  return [
    `M${x(first.fromMs)} ${round(y(first.value))}`,
    ...steps.map(
      ({ fromMs, toMs, value }) => `V${round(y(value))}H${fromMs < toMs ? x(toMs) : x(fromMs)}`,
    ),
  ].join('')
}

function shapeNumber(kind: OperationKind, kinds: readonly OperationKind[]): number {
  const place = kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length
  return place % shapes.length
}

/** The place of a moment on the axis, 0 to 1. */
function share({ fromMs, toMs }: RunChart, ms: number): number {
  return Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)))
}

function percent(of: number): string {
  return `${round(of * 100, 1_000)}%`
}

function round(value: number, per = 10): number {
  return Math.round(value * per) / per
}
