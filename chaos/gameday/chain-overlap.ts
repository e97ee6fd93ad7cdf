/**
 * How much of the true chain is in the answer, in its order, from 0 to 1: the longest common subsequence, against the mean length
 * of both. A chain that names every place is as long as it is wrong.
 */
export function chainOverlap(
  truth: readonly (readonly string[])[],
  answer: readonly (readonly string[])[],
): number {
  if (truth.length === 0 || answer.length === 0) return 0
  let row = Array.from({ length: answer.length + 1 }, () => 0)
  for (const place of truth) {
    const next = [0]
    for (const [i, given] of answer.entries()) {
      next.push(
        isSamePlace(place, given) ? (row[i] ?? 0) + 1 : Math.max(row[i + 1] ?? 0, next[i] ?? 0),
      )
    }
    row = next
  }
  return (2 * (row.at(-1) ?? 0)) / (truth.length + answer.length)
}

/** Two places, each with its names, are the same if they have a name in common. */
export function isSamePlace(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name))
}
