import type { Outcome } from '../../../../contracts/history.ts'
import { shapes } from '../../../../report/charts.ts'
import { styleColour } from './chart-style.ts'

/** The shapes of the report are made for a wide page; these marks are larger. */
const enlarged = 1.3

/** A mark is at most this large, in CSS pixels. */
const sizePx = 16

const paths = new Map(shapes.map((shape) => [shape, new Path2D(shape)]))

/** Marks as pictures. A live chart draws thousands several times a second, and to fill a path costs more than to copy a picture. */
const pictures = new Map<string, HTMLCanvasElement>()
window.addEventListener('unhappy-theme', () => pictures.clear())

/** Draws the mark of one operation at a point of the canvas. `shape`: see {@link shapes}. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  shape: string,
  outcome: Outcome,
  x: number,
  y: number,
): void {
  const key = `${shape} ${outcome} ${devicePixelRatio}`
  let picture = pictures.get(key)
  if (picture === undefined) {
    picture = pictureOf(shape, outcome)
    pictures.set(key, picture)
  }
  const half = picture.width / 2
  ctx.drawImage(picture, Math.round(x - half), Math.round(y - half))
}

function pictureOf(shape: string, outcome: Outcome): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  const size = 2 * Math.ceil((sizePx * devicePixelRatio) / 2)
  picture.width = size
  picture.height = size
  const ctx = picture.getContext('2d')
  const path = paths.get(shape)
  if (ctx === null || path === undefined) return picture
  const scale = devicePixelRatio * enlarged * (outcome === 'ok' ? 0.75 : 1.05)
  ctx.setTransform(scale, 0, 0, scale, size / 2, size / 2)
  ctx.globalAlpha = outcome === 'ok' ? 0.55 : 0.95
  ctx.fillStyle = styleColour(outcome === 'unknown' ? '--unknown-mark' : `--${outcome}`)
  ctx.fill(path)
  return picture
}
