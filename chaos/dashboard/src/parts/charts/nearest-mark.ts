/** A mark in a chart, in pixels. */
export interface PlacedMark<T> {
  readonly x: number
  readonly y: number
  readonly item: T
}

/** A pointer hits the nearest mark within this distance, in pixels. */
export const reachPx = 9

/** The mark at a point; null: none is near. */
export function nearestMark<T>(
  marks: readonly PlacedMark<T>[],
  { x, y }: { readonly x: number; readonly y: number },
): T | null {
  let nearest: T | null = null
  let least = reachPx
  for (const mark of marks) {
    const distance = Math.hypot(mark.x - x, mark.y - y)
    if (distance > least) continue
    nearest = mark.item
    least = distance
  }
  return nearest
}
