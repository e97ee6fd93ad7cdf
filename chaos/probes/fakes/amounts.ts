/** Every amount up to 100.00, and larger ones: a floating-point number is wrong for some of them only. */
export const everyAmount: readonly number[] = [
  ...Array.from({ length: 10_000 }, (_, index) => index + 1),
  ...Array.from({ length: 500 }, (_, index) => 10_001 + index * 5_337),
]

/** The message as a reader receives it. */
export function throughJson(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message))
}
