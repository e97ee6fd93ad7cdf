import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'

import { type Band, controllerNow, getState, onChange } from '../data/store.ts'

/** Seconds of the past that live charts show: one axis for all of them. */
const windowS = 60

const drawEveryMs = 150

export interface ChartProps {
  readonly label: string
  readonly series: readonly Omit<uPlot.Series, 'value'>[]
  readonly log?: boolean
  readonly height: number
  readonly unit: string
  /** Columns of numbers: the first holds the time in seconds. Called for every drawing. */
  readonly data: (fromMs: number, toMs: number) => uPlot.AlignedData
  /** A finished run has fixed ends; without them the chart follows the clock. */
  readonly range?: { readonly fromMs: number; readonly toMs: number }
  readonly bands?: readonly Band[]
}

/** A chart with every fault as a shaded band behind it. */
export function Chart(props: ChartProps) {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    let plot = create(element, props)
    let visible = true
    const draw = (): void => {
      // What nobody sees costs nothing: a band must be drawn at once where somebody does.
      if (!visible) return
      const { fromMs, toMs } = windowOf(props)
      plot.batch(() => {
        plot.setData(props.data(fromMs, toMs), false)
        plot.setScale('x', { min: fromMs / 1_000, max: toMs / 1_000 })
      })
    }
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: props.height }),
    )
    resize.observe(element)
    const retheme = (): void => {
      plot.destroy()
      plot = create(element, props)
      draw()
    }
    window.addEventListener('unhappy-theme', retheme)
    const seen = new IntersectionObserver((entries) => {
      visible = entries.at(-1)?.isIntersecting ?? true
      draw()
    })
    seen.observe(element)
    draw()
    const timer = props.range === undefined ? setInterval(draw, drawEveryMs) : undefined
    // A fault is shown at once, not with the next tick.
    let { bands } = getState()
    const unsubscribe = onChange((state) => {
      if (state.bands === bands || props.range !== undefined) return
      bands = state.bands
      draw()
    })
    return () => {
      clearInterval(timer)
      unsubscribe()
      seen.disconnect()
      resize.disconnect()
      window.removeEventListener('unhappy-theme', retheme)
      plot.destroy()
    }
  }, [props.range?.fromMs, props.range?.toMs])
  return <div ref={holder} role="img" aria-label={props.label} />
}

function windowOf(props: ChartProps): { fromMs: number; toMs: number } {
  if (props.range !== undefined) return props.range
  const toMs = controllerNow()
  return { fromMs: toMs - windowS * 1_000, toMs }
}

function create(element: HTMLElement, props: ChartProps): uPlot {
  const ink = css('--ink-3')
  const grid = { stroke: css('--edge'), width: 1 }
  const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui', size: 26 }
  return new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: props.height,
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false },
        y:
          props.log === true
            ? { distr: 3, range: [1, 10_000] }
            : { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        { ...axis, values: (plot, ticks) => ticks.map((tick) => timeLabel(plot, tick, props)) },
        {
          ...axis,
          size: 58,
          ...(props.log === true ? { splits: () => [1, 10, 100, 1_000, 10_000] } : {}),
          space: 24,
          values: (_plot, ticks) => ticks.map((tick) => valueLabel(tick, props)),
        },
      ],
      series: [{}, ...props.series.map((series) => themed(series))],
      hooks: {
        drawClear: [(plot) => shadeBands(plot, props.bands ?? getState().bands)],
        draw: [(plot) => nameBands(plot, props.bands ?? getState().bands)],
      },
    },
    [[], ...props.series.map(() => [])] as unknown as uPlot.AlignedData,
    element,
  )
}

function timeLabel(plot: uPlot, tick: number, props: ChartProps): string {
  if (props.range !== undefined) return sinceBegin(tick - props.range.fromMs / 1_000, props.range)
  const ago = Math.round((plot.scales['x']?.max ?? tick) - tick)
  return ago === 0 ? 'now' : `−${ago} s`
}

function sinceBegin(seconds: number, range: { fromMs: number; toMs: number }): string {
  // In a short run several ticks fall into one second.
  return `${Number(seconds.toFixed(range.toMs - range.fromMs < 20_000 ? 1 : 0))} s`
}

function valueLabel(tick: number, { log, unit }: ChartProps): string {
  if (log !== true) return Number.isInteger(tick) ? `${tick}${unit}` : ''
  if (Math.log10(tick) % 1 !== 0) return ''
  return tick < 1_000 ? `${tick} ms` : `${tick / 1_000} s`
}

/** Colours come from the style sheet, so that both themes have their own. */
function themed(series: Omit<uPlot.Series, 'value'>): uPlot.Series {
  const stroke = typeof series.stroke === 'string' ? css(series.stroke) : series.stroke
  const fill = typeof series.fill === 'string' ? css(series.fill) : series.fill
  return {
    points: { show: false },
    ...series,
    ...(stroke === undefined ? {} : { stroke }),
    ...(fill === undefined ? {} : { fill }),
  }
}

const colours = new Map<string, string>()
window.addEventListener('unhappy-theme', () => colours.clear())

/** A colour of the style sheet. Remembered: a chart asks for each of a thousand marks, ten times a second. */
export function css(variable: string): string {
  const known = colours.get(variable)
  if (known !== undefined) return known
  const colour = getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
  colours.set(variable, colour)
  return colour
}

const drawn = new Set<string>()

/** Leaves a mark the first time that a band is drawn, so that the delay from the fault to the eye can be measured. */
function markDrawn(band: Band): void {
  if (drawn.has(band.id)) return
  drawn.add(band.id)
  performance.mark('unhappy-band-drawn', { detail: band.id })
}

/** Where each band begins and ends on the canvas; those outside are left out. */
function placed(plot: uPlot, bands: readonly Band[]): { band: Band; x1: number; x2: number }[] {
  const { left, width } = plot.bbox
  const [min, max] = [plot.scales['x']?.min ?? 0, plot.scales['x']?.max ?? 0]
  return bands.flatMap((band) => {
    const from = band.fromMs / 1_000
    const to = (band.toMs ?? Number.POSITIVE_INFINITY) / 1_000
    if (to < min || from > max) return []
    const x1 = Math.max(left, plot.valToPos(from, 'x', true))
    const x2 = to > max ? left + width : plot.valToPos(to, 'x', true)
    return [{ band, x1, x2: Math.max(x1 + 2, Math.min(left + width, x2)) }]
  })
}

/** Behind the lines: one even shade wherever at least one fault is on, however many there are. */
function shadeBands(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.fillStyle = css('--fault-band')
  let reached = -Infinity
  for (const { band, x1, x2 } of placed(plot, bands).toSorted((a, b) => a.x1 - b.x1)) {
    markDrawn(band)
    const from = Math.max(x1, reached)
    if (x2 > from) ctx.fillRect(from, bbox.top, x2 - from, bbox.height)
    reached = Math.max(reached, x2)
  }
  ctx.restore()
}

/** Above the lines: where each fault begins, and its name on a ground of its own. */
function nameBands(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  const [fault, ground] = [css('--fault'), css('--panel')]
  const unit = devicePixelRatio
  ctx.save()
  ctx.font = `600 ${11 * unit}px system-ui`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const named = new Map<string, number>()
  let [line, i] = [-Infinity, -1]
  for (const { band, x1 } of placed(plot, bands)) {
    // Many faults in a short time are a wall of lines and names: those that would lie on each other are left out.
    if (x1 - line < 4 * unit && named.has(band.label)) continue
    line = x1
    ctx.fillStyle = fault
    ctx.fillRect(x1, bbox.top, 1.5 * unit, bbox.height)
    if (x1 - (named.get(band.label) ?? -Infinity) < 90 * unit) continue
    named.set(band.label, x1)
    i += 1
    const width = ctx.measureText(band.label).width + 8 * unit
    // Near the right edge there is no room after the line: the name stands before it.
    const before = x1 + width + 3 * unit > bbox.left + bbox.width
    const x = before ? x1 - width - 3 * unit : x1 + 4 * unit
    const y = bbox.top + (10 + 15 * (i % 3)) * unit
    ctx.globalAlpha = 0.86
    ctx.fillStyle = ground
    ctx.fillRect(x, y - 7 * unit, width, 14 * unit)
    ctx.globalAlpha = 1
    ctx.fillStyle = fault
    ctx.fillText(band.label, x + 4 * unit, y)
  }
  ctx.restore()
}
