import type uPlot from 'uplot'

import type { Band } from '../../data/page-state.ts'
import { styleColour, stylePx } from './chart-style.ts'

const drawn = new Set<string>()

/** Adds a performance mark when a band is drawn for the first time, to measure the delay from fault to screen. */
function markDrawn(band: Band): void {
  if (drawn.has(band.id)) return
  drawn.add(band.id)
  performance.mark('unhappy-band-drawn', { detail: band.id })
}

interface Placed {
  readonly band: Band
  readonly x1: number
  readonly x2: number
  /** The band begins before the visible range. */
  readonly earlier: boolean
}

/** The start and end of each visible band on the canvas. */
function placed(plot: uPlot, bands: readonly Band[]): Placed[] {
  const { left, width } = plot.bbox
  const [min, max] = [plot.scales['x']?.min ?? 0, plot.scales['x']?.max ?? 0]
  return bands.flatMap((band) => {
    const from = band.fromMs / 1_000
    const to = (band.toMs ?? Number.POSITIVE_INFINITY) / 1_000
    if (to < min || from > max) return []
    const x1 = Math.max(left, plot.valToPos(from, 'x', true))
    const x2 = to > max ? left + width : plot.valToPos(to, 'x', true)
    const end = Math.max(x1 + 2, Math.min(left + width, x2))
    return [{ band, x1, x2: end, earlier: from < min }]
  })
}

/** Shades the time in which at least one fault is active, behind the lines. Overlapping bands have the same shade as one. */
export function drawBandShades(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.fillStyle = styleColour('--fault-band')
  let reached = -Infinity
  for (const { band, x1, x2 } of placed(plot, bands).toSorted((a, b) => a.x1 - b.x1)) {
    markDrawn(band)
    const from = Math.max(x1, reached)
    if (x2 > from) ctx.fillRect(from, bbox.top, x2 - from, bbox.height)
    reached = Math.max(reached, x2)
  }
  ctx.restore()
}

/** Draws the start of each fault and its name, above the lines. Names do not overlap. */
export function drawBandNames(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  const [fault, ground] = [styleColour('--fault'), styleColour('--panel')]
  const unit = devicePixelRatio
  const size = stylePx(12) * unit
  const lineHeight = size * 1.36
  const rows = Math.max(1, Math.floor((bbox.height * 0.72) / lineHeight))
  const reached = Array.from({ length: rows }, () => -Infinity)
  ctx.save()
  ctx.font = `600 ${size}px system-ui`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const named = new Map<string, number>()
  let line = -Infinity
  for (const { band, x1, earlier } of placed(plot, bands).toSorted((a, b) => a.x1 - b.x1)) {
    // Many faults in a short time: lines and names that would overlap are left out.
    if (x1 - line < 4 * unit && named.has(band.label)) continue
    if (!earlier) {
      line = x1
      ctx.fillStyle = fault
      ctx.fillRect(x1, bbox.top, 1.5 * unit, bbox.height)
    }
    if (x1 - (named.get(band.label) ?? -Infinity) < 90 * unit) continue
    const text = earlier ? `… ${band.label}` : band.label
    const width = ctx.measureText(text).width + 8 * unit
    // Near the right edge the name is drawn before the line.
    const before = x1 + width + 3 * unit > bbox.left + bbox.width
    const wanted = before ? x1 - width - 3 * unit : x1 + 4 * unit
    const free = reached.findIndex((end) => end <= wanted)
    // When all rows are full, the name moves right, but stays near its line.
    const row = free < 0 ? reached.indexOf(Math.min(...reached)) : free
    const x = Math.max(wanted, reached[row] ?? wanted)
    if (x - wanted > stylePx(250) * unit || x + width > bbox.left + bbox.width) continue
    reached[row] = x + width + 3 * unit
    named.set(band.label, x1)
    const y = bbox.top + (row + 0.62) * lineHeight
    ctx.globalAlpha = 0.86
    ctx.fillStyle = ground
    ctx.fillRect(x, y - lineHeight / 2 + unit / 2, width, lineHeight - unit)
    ctx.globalAlpha = 1
    ctx.fillStyle = fault
    ctx.fillText(text, x + 4 * unit, y)
  }
  ctx.restore()
}
