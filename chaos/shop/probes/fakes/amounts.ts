/** The largest amount that an order can have: its column is a 32-bit integer. */
const amountMax = 2 ** 31 - 1

/**
 * Every amount up to 100.00, and larger ones up to the largest: a floating-point number is wrong for
 * some of them only. Some are whole numbers of major units.
 */
export const everyAmount: readonly number[] = [
  ...Array.from({ length: 10_000 }, (_, index) => index + 1),
  ...Array.from({ length: 500 }, (_, index) => 10_001 + index * 5_337),
  ...Array.from({ length: 500 }, (_, index) => Math.round(10_001 * 1.0247 ** index)),
  ...Array.from({ length: 500 }, (_, index) => 100 * Math.round(101 * 1.0247 ** index)),
  amountMax,
].filter((amount) => amount <= amountMax)

/** More than an order's column holds. In cents they are exact numbers, in major units too. */
export const hugeAmounts: readonly number[] = [
  amountMax + 1,
  2 ** 32 - 1,
  2 ** 32 + 450,
  3_000_000_000,
  9_007_199_254_700,
]

/** The message as a reader receives it. */
export function throughJson(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message))
}
