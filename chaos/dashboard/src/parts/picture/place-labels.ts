import type { Curve, Point } from './curve.ts'

/**
 * Positions on a curve, the preferred one first. Labels are nearer to the caller, where the lines to one callee are still
 * apart.
 */
const preferred = 0.36
const positions = Array.from({ length: 41 }, (_, i) => 0.1 + i * 0.02).toSorted(
  (a, b) => Math.abs(a - preferred) - Math.abs(b - preferred),
)

/** The centre of each line's label: on its line, outside of boxes, and apart from the other labels where there is space. */
export function placeLabels(
  lines: readonly { readonly curves: readonly Curve[] }[],
  boxes: readonly Point[],
  { box: boxSize, label: labelSize }: { readonly box: Size; readonly label: Size },
): readonly Point[] {
  const placed: Point[] = []
  for (const { curves } of lines) {
    const inBoxes = (point: Point): number =>
      sum(boxes.map((box) => overlap(point, labelSize, box, boxSize)))
    const onLabels = (point: Point): number =>
      sum(placed.map((other) => overlap(point, labelSize, other, labelSize)))
    const candidates = curves.flatMap((curve, i) =>
      positions.map((t, j) => ({ point: pointAt(curve, t), far: i * positions.length + j })),
    )
    let best = { point: { x: 0, y: 0 }, cost: Infinity }
    for (const { point, far } of candidates) {
      const covers = boxes.some((box) => overlap(point, { width: 0, height: 0 }, box, boxSize) > 0)
      const cost = (covers ? 1e9 : 0) + inBoxes(point) * 4 + onLabels(point) + far * 0.1
      if (cost < best.cost) best = { point, cost }
    }
    placed.push(best.point)
  }
  return placed
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The area that two rectangles share, given by their centres and sizes. A point inside of one counts as 1. */
function overlap(a: Point, sizeA: Size, b: Point, sizeB: Size): number {
  const x = (sizeA.width + sizeB.width) / 2 - Math.abs(a.x - b.x)
  const y = (sizeA.height + sizeB.height) / 2 - Math.abs(a.y - b.y)
  if (x <= 0 || y <= 0) return 0
  return sizeA.width === 0 || sizeB.width === 0 ? 1 : x * y
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function pointAt([a, b, c, d]: Curve, t: number): Point {
  const s = 1 - t
  const mix = (p: number, q: number, r: number, u: number): number =>
    s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) }
}
