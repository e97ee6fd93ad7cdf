/** The marks of an axis of time or of a rate: round numbers from the first one that is not below `from`. */
export function roundMarks(from: number, to: number, marksMax: number): readonly number[] {
  const step = roundStep((to - from) / Math.max(1, marksMax))
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => cut((first + i) * step))
}

/** The smallest of 1, 2, 5, 10, 20 ... that is not below `least`; also 0.5, 0.2, 0.1 ... */
export function roundStep(least: number): number {
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  const digit = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10
  return cut(digit * power)
}

/** `0.1 + 0.2` has more digits than a label needs. */
function cut(value: number): number {
  return Number(value.toPrecision(12))
}
