/** A place in the picture, in units of the view box. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A cubic Bézier curve: its two ends and the two points between them that bend it. */
export type Curve = readonly [Point, Point, Point, Point]
