import type { LinkHealth } from '#chaos/contracts/links.ts'

import type { Protocol } from '../plane/inspector.ts'

/** The exchanges of this many seconds are counted. */
const windowS = 5
/** The latencies of a second, in buckets that grow by 15 %: from 0.05 ms to more than 10 minutes. */
const buckets = 120
const smallestMs = 0.05
const growth = Math.log(1.15)

/** What it reads of an exchange. The same object is passed each time. */
interface CountedExchange {
  readonly signature: string
  readonly requestedAtMs: number
}

interface Second {
  at: number
  ended: number
  failed: number
  readonly tookMs: Uint32Array
}

/**
 * Counts the exchanges of one link over the last seconds: how many ended, how many failed, and how long they took. Its memory
 * is fixed, and an exchange costs a few additions.
 */
export class ExchangeCounts {
  readonly #protocol: Protocol | undefined
  readonly #seconds: readonly Second[] = Array.from({ length: windowS }, () => ({
    at: -1,
    ended: 0,
    failed: 0,
    tookMs: new Uint32Array(buckets),
  }))
  readonly #open = new Set<CountedExchange>()

  constructor(protocol: Protocol | undefined) {
    this.#protocol = protocol
  }

  /** The whole request has been read. A request that waits for work, such as BZPOPMIN, is not counted. */
  requested(exchange: CountedExchange): void {
    if (!waitsForWork(exchange.signature)) this.#open.add(exchange)
  }

  replied(exchange: CountedExchange, status: string, tookMs: number, nowMs: number): void {
    if (!this.#open.delete(exchange)) return
    const second = this.#secondAt(nowMs)
    second.ended += 1
    if (isFailure(this.#protocol, status)) second.failed += 1
    const bucket = Math.round(Math.log(Math.max(tookMs, smallestMs) / smallestMs) / growth)
    const i = Math.min(buckets - 1, bucket)
    second.tookMs[i] = (second.tookMs[i] ?? 0) + 1
  }

  /** Its connection ended without the reply. */
  lost(exchange: CountedExchange, nowMs: number): void {
    if (this.#open.delete(exchange)) this.failedToConnect(nowMs)
  }

  /** Its reply cannot be recognised. */
  forget(exchange: CountedExchange): void {
    this.#open.delete(exchange)
  }

  /** A connection ended before a request could be read: the upstream cannot be reached. */
  failedToConnect(nowMs: number): void {
    const second = this.#secondAt(nowMs)
    second.ended += 1
    second.failed += 1
  }

  read(nowMs: number): LinkHealth {
    const now = Math.floor(nowMs / 1_000)
    const seconds = this.#seconds.filter(({ at }) => at > now - windowS && at <= now)
    const sum = (of: (second: Second) => number): number =>
      seconds.reduce((total, second) => total + of(second), 0)
    let waitsMs = 0
    for (const { requestedAtMs } of this.#open)
      if (requestedAtMs > 0) waitsMs = Math.max(waitsMs, nowMs - requestedAtMs)
    return {
      windowMs: windowS * 1_000,
      ended: sum(({ ended }) => ended),
      failed: sum(({ failed }) => failed),
      p50Ms: percentile(seconds, 0.5),
      p95Ms: percentile(seconds, 0.95),
      waiting: this.#open.size,
      waitsMs: Math.round(waitsMs),
    }
  }

  #secondAt(nowMs: number): Second {
    const at = Math.floor(nowMs / 1_000)
    const second = this.#seconds[at % windowS] as Second
    if (second.at !== at) {
      second.at = at
      second.ended = 0
      second.failed = 0
      second.tookMs.fill(0)
    }
    return second
  }
}

/** The latency that this share of the replies did not exceed; null without replies. */
function percentile(seconds: readonly Second[], share: number): number | null {
  let replies = 0
  for (const { tookMs } of seconds) for (const count of tookMs) replies += count
  if (replies === 0) return null
  let seen = 0
  for (let i = 0; i < buckets; i++) {
    for (const { tookMs } of seconds) seen += tookMs[i] ?? 0
    if (seen >= replies * share) return rounded(smallestMs * Math.exp(i * growth))
  }
  return null
}

/** Two digits: a bucket is not more exact than that. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(2))
}

function waitsForWork(signature: string): boolean {
  return /^(?:BZ|BL|BR|XREAD|WAIT|(?:P|S)?SUBSCRIBE)/.test(signature)
}

/**
 * The callee could not do its work. A refusal that names a fault of the request (400, 409, a violated constraint) is an
 * answer.
 */
function isFailure(protocol: Protocol | undefined, status: string): boolean {
  switch (protocol) {
    case 'http':
      return status.startsWith('5') || status === '429'
    case 'postgres':
      // Classes of SQLSTATE: resources, operator, system, internal, connection, read only, lock not available.
      return /^ERROR (?:53|57|58|XX|08|55|25006)/.test(status)
    case 'redis':
      return /^ERROR (?!NOSCRIPT|WRONGTYPE|EXECABORT)/.test(status)
    case undefined:
      return false
  }
}
