import type { Outcome } from '../../../../contracts/history.ts'
import { shapes } from '../../../../report/charts.ts'
import { styleColour } from './chart-style.ts'

/** The shapes of the report are made for a wide page; these marks are larger. */
const enlarged = 1.3

const paths = new Map(shapes.map((shape) => [shape, new Path2D(shape)]))

/** Draws the mark of one operation at a point of the canvas. `shape`: see {@link shapes}. The caller saves and restores the context. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  shape: string,
  outcome: Outcome,
  x: number,
  y: number,
): void {
  const path = paths.get(shape)
  if (path === undefined) return
  const scale = devicePixelRatio * enlarged * (outcome === 'ok' ? 0.75 : 1.05)
  ctx.setTransform(scale, 0, 0, scale, x, y)
  ctx.globalAlpha = outcome === 'ok' ? 0.55 : 0.95
  ctx.fillStyle = styleColour(outcome === 'unknown' ? '--unknown-mark' : `--${outcome}`)
  ctx.fill(path)
}
