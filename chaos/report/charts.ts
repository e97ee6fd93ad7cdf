import type { OperationKind, Outcome } from '#chaos/contracts/history.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { ChartData } from './report-data.ts'

const width = 1000
const left = 62
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
  const place = kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length
  return shapes[place % shapes.length] ?? ''
}

/** Finished operations per second by outcome, as an SVG. Every fault is a shaded band. */
export function rateChart(data: ChartData): string {
  const height = 170
  const seconds = Math.max(1, Math.ceil((data.toMs - data.fromMs) / 1_000))
  const rows = Object.fromEntries(
    outcomes.map((outcome) => [outcome, Array.from({ length: seconds }, () => 0)]),
  ) as Record<Outcome, number[]>
  for (const { ms, operation } of data.samples) {
    const row = rows[operation.outcome]
    const second = Math.min(seconds - 1, Math.floor((ms - data.fromMs) / 1_000))
    row[second] = (row[second] ?? 0) + 1
  }
  const top = Math.max(1, ...outcomes.flatMap((outcome) => rows[outcome]))
  const y = (count: number): number => height - 24 - (count / top) * (height - 50)
  const lines = outcomes.map((outcome) => {
    const points = rows[outcome].map(
      (count, i) =>
        `${round(x(data, data.fromMs + Math.min(i + 0.5, seconds) * 1_000))},${round(y(count))}`,
    )
    return `<polyline class="line ${outcome}" points="${points.join(' ')}"/>`
  })
  const ticks = [0, top].map(
    (count) =>
      `<text class="tick" x="${left - 8}" y="${round(y(count)) + 4}" text-anchor="end">${count}</text>`,
  )
  return frame(data, height, 'Finished operations per second by outcome', [...ticks, ...lines])
}

/** One mark per operation, as an SVG: its end and its latency on a logarithmic scale. */
export function latencyChart(data: ChartData, kinds: readonly OperationKind[]): string {
  const height = 260
  const decades = [1, 10, 100, 1_000, 10_000]
  const y = (ms: number): number =>
    height - 24 - (Math.log10(Math.min(10_000, Math.max(1, ms))) / 4) * (height - 50)
  const ticks = decades.map(
    (ms) =>
      `<line class="grid" x1="${left}" x2="${width}" y1="${round(y(ms))}" y2="${round(y(ms))}"/>` +
      `<text class="tick" x="${left - 8}" y="${round(y(ms)) + 4}" text-anchor="end">${ms} ms</text>`,
  )
  const marks = data.samples.map(({ ms, operation }) => {
    const took = operation.endMs - operation.startMs
    const at = `${round(x(data, ms))} ${round(y(took))}`
    const title = `${operation.kind} ${operation.id}: ${operation.outcome} after ${Math.round(took)} ms`
    return `<path class="mark ${operation.outcome}" d="${shapeOf(operation.kind, kinds)}" transform="translate(${at})"><title>${title}</title></path>`
  })
  return frame(data, height, 'Latency of each operation, logarithmic scale', [...ticks, ...marks])
}

function frame(data: ChartData, height: number, label: string, content: readonly string[]): string {
  const bands = data.bands.map((band, i) => {
    const from = x(data, band.fromMs)
    const to = Math.max(from + 2, x(data, band.toMs))
    return (
      `<rect class="band" x="${round(from)}" y="0" width="${round(to - from)}" height="${height - 24}"/>` +
      `<line class="edge" x1="${round(from)}" x2="${round(from)}" y1="0" y2="${height - 24}"/>` +
      `<text class="band-label" x="${round(from) + 4}" y="${12 + 13 * (i % 3)}">${escapeHtml(band.label)}</text>`
    )
  })
  const seconds = Math.ceil((data.toMs - data.fromMs) / 1_000)
  const step = seconds <= 12 ? 1 : Math.ceil(seconds / 12)
  const axis = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step).map(
    (second) =>
      `<text class="tick" x="${round(x(data, data.fromMs + second * 1_000))}" y="${height - 6}" text-anchor="middle">${second} s</text>`,
  )
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${[...bands, ...axis, ...content].join('')}</svg>`
}

function x(data: ChartData, ms: number): number {
  const share = (ms - data.fromMs) / (data.toMs - data.fromMs)
  return left + Math.min(1, Math.max(0, share)) * (width - left - 10)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
