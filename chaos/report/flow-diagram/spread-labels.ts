/** A label in a column of labels: where its centre should be, and how much the place matters. */
export interface SpreadLabel {
  readonly idealY: number
  readonly height: number
  /** A heavy label keeps its place, and light ones near it move. */
  readonly weight: number
}

/** The space between two labels. */
const between = 1

/**
 * The centres of labels in a column: none overlaps another one or begins above `top`, their sequence is that of `idealY`, and
 * the weighted sum of the squared distances is minimal. `labels` are in the sequence of `idealY`. This is isotonic regression
 * by the pool-adjacent-violators algorithm.
 */
export function spreadLabels(labels: readonly SpreadLabel[], top: number): readonly number[] {
  const offsets: number[] = []
  for (const [i, label] of labels.entries()) {
    const before = labels[i - 1]
    offsets.push(
      before === undefined
        ? 0
        : (offsets[i - 1] ?? 0) + (before.height + label.height) / 2 + between,
    )
  }
  const pools: { sum: number; weight: number; count: number }[] = []
  for (const [i, { idealY, weight }] of labels.entries()) {
    let pool = { sum: (idealY - (offsets[i] ?? 0)) * weight, weight, count: 1 }
    for (;;) {
      const before = pools.at(-1)
      if (before === undefined || before.sum / before.weight <= pool.sum / pool.weight) break
      pools.pop()
      pool = {
        sum: before.sum + pool.sum,
        weight: before.weight + pool.weight,
        count: before.count + pool.count,
      }
    }
    pools.push(pool)
  }
  const least = top + (labels[0]?.height ?? 0) / 2
  const bases = pools.flatMap(({ sum, weight, count }) =>
    Array.from({ length: count }, () => Math.max(least, sum / weight)),
  )
  return bases.map((base, i) => base + (offsets[i] ?? 0))
}
