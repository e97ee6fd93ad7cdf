/** An instance, a store or the client in the picture. `x` and `y` are its centre, in units of the view box. */
export interface Box {
  readonly name: string
  readonly kind: 'client' | 'service' | 'store'
  readonly x: number
  readonly y: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A cubic Bézier curve: its two ends and the two points between them that bend it. */
export type Curve = readonly [Point, Point, Point, Point]
