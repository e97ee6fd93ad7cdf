import type { OperationKind, Outcome } from '../../../../contracts/history.ts'
import { styleColour } from './chart-style.ts'

/** The shape of each operation, around the origin, about 8 units wide. */
export const marks: readonly { readonly kind: OperationKind; readonly path: string }[] = [
  { kind: 'place-order', path: 'M-4 -4h8v8h-8z' },
  { kind: 'browse', path: 'M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0' },
  { kind: 'quote', path: 'M0 -5L4.6 3.6h-9.2z' },
  { kind: 'read-order', path: 'M0 -5L5 0L0 5L-5 0z' },
]

const shapes = new Map(
  marks.map((mark) => [mark.kind, typeof Path2D === 'undefined' ? null : new Path2D(mark.path)]),
)

export function paintMark(
  ctx: CanvasRenderingContext2D,
  kind: OperationKind,
  outcome: Outcome,
  x: number,
  y: number,
): void {
  const shape = shapes.get(kind)
  if (shape === null || shape === undefined) return
  const scale = devicePixelRatio * (outcome === 'ok' ? 0.75 : 1.05)
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(scale, scale)
  ctx.globalAlpha = outcome === 'ok' ? 0.55 : 0.95
  ctx.fillStyle = styleColour(outcome === 'unknown' ? '--unknown-mark' : `--${outcome}`)
  ctx.fill(shape)
  ctx.restore()
}
