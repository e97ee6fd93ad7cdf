/** A time after which something ends by itself. A renewal starts the time again. */
export interface Lease {
  /** The remaining time; undefined: no lease is running. */
  readonly expiresInMs: number | undefined
  /** Starts the time again. Undefined cancels the lease: what it covers stays. */
  renew(expiresInMs: number | undefined): void
  cancel(): void
}

/** The longest time that a timer of Node supports. */
export const leaseLimitMs = 2 ** 31 - 1

export function createLease(expired: () => void): Lease {
  let timer: NodeJS.Timeout | undefined
  let endMs: number | undefined
  const cancel = (): void => {
    clearTimeout(timer)
    endMs = undefined
  }
  return {
    get expiresInMs() {
      return endMs === undefined ? undefined : Math.max(0, Math.round(endMs - performance.now()))
    },
    renew: (expiresInMs) => {
      cancel()
      if (expiresInMs === undefined) return
      endMs = performance.now() + expiresInMs
      timer = setTimeout(() => {
        endMs = undefined
        expired()
      }, expiresInMs)
    },
    cancel,
  }
}
