/** The responses whose Retry-After says when the same request may succeed. */
const statuses: ReadonlySet<number> = new Set([429, 503])

/** `Mon, 05 Jan 2026 10:00:07 GMT`. Without it, `Date.parse` reads `1.5` as a day in 2001. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * How long the server asks the client to wait, in milliseconds: a number of seconds or a date. Undefined if it does not ask, or
 * not in a way that the standard allows.
 */
export function retryAfterMs(
  status: number,
  header: string | undefined,
  wallTimeMs: number,
): number | undefined {
  if (header === undefined || !statuses.has(status)) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1_000
  const at = httpDate.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - wallTimeMs)
}
