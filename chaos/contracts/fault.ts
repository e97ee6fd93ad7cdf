import type { Static, TObject, TProperties } from 'typebox'

import type { Clock } from '../lib/clock.ts'
import type { Random } from '../lib/random.ts'
import type { LinkControl } from './links.ts'
import type { Runtime } from './runtime.ts'

export type TargetKind = 'link' | 'instance' | 'store'

/** What a fault may use. Each fault takes the narrowest part of it. */
export interface FaultContext {
  readonly links: LinkControl
  readonly runtime: Runtime
  readonly clock: Clock
  readonly random: Random
  /** Aborts when the run or the request that asked for the fault ends. Undoing never uses it. */
  readonly signal: AbortSignal
}

/** One application of a fault to resolved targets. */
export interface FaultOrder<Params> {
  /** Unique: names toxics and rules, so that undoing finds exactly its own. */
  readonly id: string
  /** Concrete names, at least one: patterns are resolved before. */
  readonly targets: readonly string[]
  readonly params: Params
  /** Everything that the fault leaves anywhere must end by itself after this. */
  readonly leaseMs: number
}

/** Disposing undoes the fault; doing so twice is safe. */
export interface InjectedFault extends AsyncDisposable {
  /** How it was done, for the journal: `toxic`, `SIGKILL`, `iptables`, `link (no packet filter here)`. */
  readonly mechanism: string
}

/** One file each in `chaos/faults/`. Nothing outside that file names the kind. */
export interface Fault<Kind extends string, Params extends TProperties> {
  readonly kind: Kind
  /** One line for people: what happens to the target. */
  readonly description: string
  readonly target: TargetKind
  readonly params: TObject<Params>
  inject(order: FaultOrder<Static<TObject<Params>>>, context: FaultContext): Promise<InjectedFault>
}

/** A fault that is on. */
export interface ActiveFault {
  readonly id: string
  readonly kind: string
  readonly targets: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly mechanism: string
  readonly by: 'user' | 'scenario'
  /** ISO 8601. */
  readonly since: string
  readonly until: string
  readonly leaseMs: number
}

export const leaseDefaultMs = 60_000
export const leaseMaxMs = 600_000
