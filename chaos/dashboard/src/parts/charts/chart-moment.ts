import type uPlot from 'uplot'

import { onPageStateChange } from '../../data/page-state.ts'
import { styleColour, stylePx } from './chart-style.ts'

/** Joins a chart with the moment that all views of a run show. Times are those of the chart's axis. */
export interface ChartMoment {
  /** The moment to draw; null: none. */
  readonly get: () => number | null
  /** The user points at or drags over this moment. */
  readonly set: (ms: number) => void
  /** The user drags to this moment, or clicks it. Without it the moment is the one that was pointed at last. */
  readonly pin?: (ms: number) => void
  /** The pointer has left. */
  readonly leave?: () => void
}

/** Draws the moment as a line. */
export function drawMoment(plot: uPlot, moment: ChartMoment | undefined): void {
  const ms = moment?.get() ?? null
  if (ms === null) return
  const x = plot.valToPos(ms / 1_000, 'x', true)
  const { left, top, width, height } = plot.bbox
  if (x < left || x > left + width) return
  const { ctx } = plot
  ctx.save()
  ctx.strokeStyle = styleColour('--accent')
  ctx.lineWidth = stylePx(2) * devicePixelRatio
  ctx.setLineDash([])
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, top + height)
  ctx.stroke()
  ctx.restore()
}

/** Reports where the user points, and draws the chart again when the moment changes. The returned function ends that. */
export function followMoment(plot: uPlot, moment: ChartMoment | undefined): () => void {
  if (moment === undefined) return () => undefined
  const { over } = plot
  const msAt = (event: MouseEvent): number =>
    plot.posToVal(event.clientX - over.getBoundingClientRect().left, 'x') * 1_000
  const onMove = (event: MouseEvent): void => {
    if (event.buttons === 1 && moment.pin !== undefined) moment.pin(msAt(event))
    else moment.set(msAt(event))
  }
  const onDown = (event: MouseEvent): void => moment.pin?.(msAt(event))
  const onLeave = (): void => moment.leave?.()
  over.addEventListener('pointermove', onMove)
  over.addEventListener('pointerdown', onDown)
  over.addEventListener('pointerleave', onLeave)
  let drawn = moment.get()
  const unsubscribe = onPageStateChange(() => {
    const now = moment.get()
    if (now === drawn) return
    drawn = now
    plot.redraw(false)
  })
  return () => {
    over.removeEventListener('pointermove', onMove)
    over.removeEventListener('pointerdown', onDown)
    over.removeEventListener('pointerleave', onLeave)
    unsubscribe()
  }
}
