import type { Outcome } from '../../../../contracts/history.ts'
import { shapes } from '../../../../report/charts.ts'
import { styleColour } from './chart-style.ts'

/** The shapes of the report are made for a wide page; these marks are larger. */
const enlarged = 1.3

const paths = shapes.map((shape) => new Path2D(shape))

/** SVG path data of a mark. Kinds of operation are numbered; the number of marks is limited. */
export function markPath(number: number): string {
  return shapes[number % shapes.length] ?? ''
}

/** Draws the mark of one operation at a point of the canvas. `number`: see {@link markPath}. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  number: number,
  outcome: Outcome,
  x: number,
  y: number,
): void {
  const path = paths[number % paths.length]
  if (path === undefined) return
  const scale = devicePixelRatio * enlarged * (outcome === 'ok' ? 0.75 : 1.05)
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(scale, scale)
  ctx.globalAlpha = outcome === 'ok' ? 0.55 : 0.95
  ctx.fillStyle = styleColour(outcome === 'unknown' ? '--unknown-mark' : `--${outcome}`)
  ctx.fill(path)
  ctx.restore()
}
