/** `1 order`, `3 orders`. */
export function formatCount(number: number, thing: string, things = `${thing}s`): string {
  return `${number} ${number === 1 ? thing : things}`
}

/** `98.6 %`, from a share of 0 to 1. Rounded down, so only the whole gives `100 %`. */
export function formatPercent(share: number): string {
  const rounded = Math.floor(share * 1_000) / 10
  return `${Number.isInteger(rounded) ? rounded : rounded.toFixed(1)} %`
}

/** `45 ms`, `1.2 s`. */
export function formatMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}
