export interface RetryBudget {
  /** Call this for each first attempt. */
  deposit(): void
  /** True if a retry may be made now. */
  withdraw(): boolean
}

/**
 * Allows `share` retries per first attempt, and a few more after a period without failures. However
 * many calls fail, the load downstream is at most 1 + `share` times the original load.
 */
export function createRetryBudget({
  share,
  savedMax,
}: {
  readonly share: number
  readonly savedMax: number
}): RetryBudget {
  let saved = savedMax
  return {
    deposit: () => {
      saved = Math.min(savedMax, saved + share)
    },
    withdraw: () => {
      if (saved < 1) return false
      saved -= 1
      return true
    },
  }
}
