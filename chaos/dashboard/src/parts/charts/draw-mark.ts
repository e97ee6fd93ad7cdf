import type { OperationKind, Outcome } from '../../../../contracts/history.ts'
import { shapeOf } from '../../../../report/charts.ts'
import { styleColour } from './chart-style.ts'
import { operationNouns } from './operation-nouns.ts'

/** The shapes of the report are made for a wide page; these marks are larger. */
const enlarged = 1.3

const kinds = Object.keys(operationNouns)
const paths = new Map(kinds.map((kind) => [kind, new Path2D(shapeOf(kind, kinds))]))

/** Draws the mark of one operation at a point of the canvas. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  kind: OperationKind,
  outcome: Outcome,
  x: number,
  y: number,
): void {
  const path = paths.get(kind)
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
