import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'

import { type Band, controllerNow, getPageState, onPageStateChange } from '../../data/page-state.ts'
import { promptFrames, streamFrames } from '../../streams/paced-frames.ts'
import { type ChartMoment, drawMoment, followMoment } from './chart-moment.ts'
import { styleColour, stylePx } from './chart-style.ts'
import { drawBandNames, drawBandShades } from './draw-bands.ts'

/** The seconds that live charts show. All charts share one axis. */
const windowS = 60

/** One pixel of a live chart is about 100 ms. */
const drawEveryMs = 200

export interface ChartProps {
  readonly label: string
  readonly series: readonly Omit<uPlot.Series, 'value'>[]
  readonly log?: boolean
  readonly height: number
  readonly unit: string
  /** Columns of numbers; the first is the time in seconds. Called each time the chart is drawn. */
  readonly data: (fromMs: number, toMs: number) => uPlot.AlignedData
  /** The fixed range of a finished run. Without a range the chart follows the clock. */
  readonly range?: { readonly fromMs: number; readonly toMs: number }
  readonly bands?: readonly Band[]
  readonly moment?: ChartMoment
  /** What a pointer at a point of the plot, in pixels, can open. Null: nothing. */
  readonly pick?: (
    plot: uPlot,
    point: { readonly x: number; readonly y: number },
  ) => PickedMark | null
}

/** A mark that a pointer is on. */
export interface PickedMark {
  /** Shown beside the pointer. */
  readonly title: string
  readonly open: (() => void) | null
}

/** A chart that shows every fault as a shaded band. */
export function Chart(props: ChartProps) {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    let plot = create(element, props)
    let unfollow = followMoment(plot, props.moment)
    let visible = true
    const draw = (): void => {
      // Only visible charts are drawn, so a band appears quickly in them.
      if (!visible) return
      const { fromMs, toMs } = windowOf(props)
      plot.batch(() => {
        plot.setData(props.data(fromMs, toMs), false)
        plot.setScale('x', { min: fromMs / 1_000, max: toMs / 1_000 })
      })
    }
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: heightOf(props) }),
    )
    resize.observe(element)
    const retheme = (): void => {
      unfollow()
      plot.destroy()
      plot = create(element, props)
      unfollow = followMoment(plot, props.moment)
      draw()
    }
    window.addEventListener('unhappy-theme', retheme)
    const seen = new IntersectionObserver((entries) => {
      visible = entries.at(-1)?.isIntersecting ?? true
      draw()
    })
    seen.observe(element)
    draw()
    const timer =
      props.range === undefined
        ? setInterval(() => visible && streamFrames.request(draw), drawEveryMs)
        : undefined
    // A new band does not wait for the timer.
    let { bands } = getPageState()
    const unsubscribe = onPageStateChange((state) => {
      if (state.bands === bands || props.range !== undefined) return
      bands = state.bands
      promptFrames.request(draw)
    })
    return () => {
      clearInterval(timer)
      streamFrames.cancel(draw)
      promptFrames.cancel(draw)
      unsubscribe()
      unfollow()
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
  const nowMs = controllerNow()
  const moment = props.moment?.get() ?? nowMs
  // A moment that has left the last minute is in the middle of the chart.
  const isOlder = moment < nowMs - windowS * 1_000
  const toMs = isOlder ? moment + (windowS * 1_000) / 2 : nowMs
  return { fromMs: toMs - windowS * 1_000, toMs }
}

function create(element: HTMLElement, props: ChartProps): uPlot {
  const ink = styleColour('--ink-3')
  const grid = { stroke: styleColour('--edge'), width: 1 }
  const px = stylePx(13)
  const axis = { stroke: ink, grid, ticks: grid, font: `${px}px system-ui`, size: px * 2 }
  return new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: heightOf(props),
      cursor: { show: false },
      // The label at an end of an axis needs room beyond it.
      padding: [stylePx(9), stylePx(20), null, null],
      legend: { show: false },
      scales: {
        x: { time: false },
        y:
          props.log === true
            ? { distr: 3, range: [1, 10_000] }
            : { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        {
          ...axis,
          ...(props.range === undefined ? { splits: agoSplits } : {}),
          values: (_plot, ticks) => ticks.map((tick) => timeLabel(tick, props)),
        },
        {
          ...axis,
          size: stylePx(68),
          ...(props.log === true ? { splits: () => [1, 10, 100, 1_000, 10_000] } : {}),
          space: stylePx(24),
          values: (_plot, ticks) => ticks.map((tick) => valueLabel(tick, props)),
        },
      ],
      series: [{}, ...props.series.map((series) => themed(series))],
      hooks: {
        ...(props.pick === undefined ? {} : { ready: [(plot) => followPointer(plot, props)] }),
        drawClear: [(plot) => drawBandShades(plot, props.bands ?? getPageState().bands)],
        draw: [
          (plot) => drawBandNames(plot, props.bands ?? getPageState().bands),
          (plot) => drawMoment(plot, props.moment),
        ],
      },
    },
    [[], ...props.series.map(() => [])] as unknown as uPlot.AlignedData,
    element,
  )
}

/** Shows what the pointer is on, and opens it with a click. */
function followPointer(plot: uPlot, { pick }: ChartProps): void {
  const { over } = plot
  const at = ({ offsetX: x, offsetY: y }: MouseEvent): PickedMark | null =>
    pick?.(plot, { x, y }) ?? null
  over.addEventListener('mousemove', (event) => {
    const found = at(event)
    over.title = found?.title ?? ''
    over.style.cursor = found?.open == null ? '' : 'pointer'
  })
  over.addEventListener('click', (event) => at(event)?.open?.())
}

function heightOf({ height }: ChartProps): number {
  return Math.round(stylePx(height))
}

/** The marks of a live time axis: every 10 s back from now, at fixed places. */
function agoSplits(plot: uPlot): number[] {
  const now = plot.scales['x']?.max ?? 0
  const step = plot.width < 500 ? 20 : 10
  return Array.from({ length: windowS / step + 1 }, (_, i) => now - windowS + i * step)
}

function timeLabel(tick: number, props: ChartProps): string {
  if (props.range !== undefined) return sinceStart(tick - props.range.fromMs / 1_000, props.range)
  const ago = Math.round(controllerNow() / 1_000 - tick)
  return ago === 0 ? 'now' : `−${ago} s`
}

function sinceStart(seconds: number, range: { fromMs: number; toMs: number }): string {
  // In a short run, several marks are in the same second.
  return `${Number(seconds.toFixed(range.toMs - range.fromMs < 20_000 ? 1 : 0))} s`
}

function valueLabel(tick: number, { log, unit }: ChartProps): string {
  if (log !== true) return Number.isInteger(tick) ? `${tick}${unit}` : ''
  if (Math.log10(tick) % 1 !== 0) return ''
  return tick < 1_000 ? `${tick} ms` : `${tick / 1_000} s`
}

/** Takes the colours from the style sheet, which has its own for each theme. */
function themed(series: Omit<uPlot.Series, 'value'>): uPlot.Series {
  const stroke = typeof series.stroke === 'string' ? styleColour(series.stroke) : series.stroke
  const fill = typeof series.fill === 'string' ? styleColour(series.fill) : series.fill
  return {
    points: { show: false },
    ...series,
    ...(stroke === undefined ? {} : { stroke }),
    ...(fill === undefined ? {} : { fill }),
  }
}
