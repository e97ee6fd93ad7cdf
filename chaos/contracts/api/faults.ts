/** Injects a fault. */
export interface FaultBody {
  readonly kind: string
  /** Name or pattern. */
  readonly target: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly leaseMs?: number
}

/**
 * Arms a trap. At most one of `then`, `delayMs`, `reply`, `kill` and `pause`. Without any of them the trap only reports its
 * message.
 */
export interface TrapBody {
  /** Name or pattern. */
  readonly link: string
  readonly exchange: string
  readonly nth?: number
  readonly phase: 'before' | 'after'
  readonly transaction?: string
  readonly then?: 'cut' | 'silence' | 'deliver' | 'hold'
  readonly delayMs?: number
  /** The caller receives this error of the protocol instead of the reply. */
  readonly reply?: string
  /** This end of the link is killed while the message is held. The message is lost. The process restarts after a second. */
  readonly kill?: 'caller' | 'callee'
  /** This end of the link is paused until the lease ends. */
  readonly pause?: 'caller' | 'callee'
  readonly leaseMs?: number
}

/** Puts a tap on links: their exchanges appear on the event stream. */
export interface TapBody {
  /** Name or pattern; `*` is every link. */
  readonly link: string
  /** Texts to find in messages, in addition to the keys of the shop's own workload. */
  readonly transactions?: readonly string[]
  readonly leaseMs?: number
}
