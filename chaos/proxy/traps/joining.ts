import type { InspectedConnection, Protocol, Stream } from '../plane/inspector.ts'
import type { Dialect } from '../protocols/dialect.ts'
import { Http } from '../protocols/http.ts'
import { Postgres } from '../protocols/postgres.ts'
import { Redis } from '../protocols/redis.ts'

/** Replies in flight arrive within this time when nothing slows the link. */
const gapMs = 5
/** After this time without bytes, the last request is one that blocks, such as BZPOPMIN, and nothing else is in flight. */
const blockedMs = 20
const tailBytes = 8

/** A connection that can be read from now on. */
export interface Joined {
  readonly dialect: Dialect
  /** The reply to a request that passed before is still to come. */
  readonly awaitsReply: boolean
}

/** A dialect for a connection that is seen from its first byte. */
export function dialectFor(protocol: Protocol): Dialect {
  if (protocol === 'postgres') return new Postgres({ fromStart: true })
  return protocol === 'redis' ? new Redis() : new Http()
}

/**
 * Finds a point between two exchanges on a connection that was already open. Until then all bytes pass, because the
 * beginning of a message is not known.
 */
export class Joining {
  readonly #protocol: Protocol
  #last: Stream | undefined
  #lastAtMs: number
  #tails: Record<Stream, Buffer>

  constructor(protocol: Protocol, recent: InspectedConnection['recent'], nowMs: number) {
    this.#protocol = protocol
    this.#last = recent.last
    this.#lastAtMs = nowMs - recent.quietMs
    this.#tails = { upstream: recent.tail('upstream'), downstream: recent.tail('downstream') }
  }

  /** Records bytes that passed and could not be read. */
  passed(stream: Stream, chunk: Buffer, nowMs: number): void {
    this.#last = stream
    this.#lastAtMs = nowMs
    const joined = Buffer.concat([this.#tails[stream], chunk.subarray(-tailBytes)])
    this.#tails[stream] = Buffer.from(joined.subarray(-tailBytes))
  }

  /** Whether the connection is between two exchanges now. */
  now(nowMs: number): Joined | undefined {
    const quietMs = nowMs - this.#lastAtMs
    switch (this.#protocol) {
      case 'postgres':
        return this.#postgres(quietMs)
      case 'redis':
        return this.#redis(quietMs)
      case 'http':
        return this.#last === 'upstream' ? undefined : { dialect: new Http(), awaitsReply: false }
    }
  }

  #postgres(quietMs: number): Joined | undefined {
    if (this.#last === 'downstream') {
      const status = readyStatus(this.#tails.downstream)
      if (status === undefined) return undefined
      return { dialect: new Postgres({ fromStart: false, status }), awaitsReply: false }
    }
    // A statement that waits for a lock: the last bytes that were sent are its Sync.
    const synced = this.#tails.upstream.subarray(-5).equals(Buffer.from('S\0\0\0\x04', 'latin1'))
    if (this.#last !== 'upstream' || !synced || quietMs < blockedMs) return undefined
    return { dialect: new Postgres({ fromStart: false }), awaitsReply: true }
  }

  #redis(quietMs: number): Joined | undefined {
    if (!endsLine(this.#tails[this.#last ?? 'upstream'])) return undefined
    if (this.#last === 'upstream')
      return quietMs < blockedMs ? undefined : { dialect: new Redis(), awaitsReply: true }
    return quietMs < gapMs ? undefined : { dialect: new Redis(), awaitsReply: false }
  }
}

/** `I`, `T` or `E` when the bytes end in ReadyForQuery. */
function readyStatus(tail: Buffer): string | undefined {
  const last = tail.toString('latin1').slice(-6)
  const status = last.slice(5)
  return last.startsWith('Z\0\0\0\x05') && /[ITE]/.test(status) ? status : undefined
}

function endsLine(tail: Buffer): boolean {
  return tail.at(-2) === 0x0d && tail.at(-1) === 0x0a
}
