import type { Static, TObject, TProperties } from 'typebox'

import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { LinkControl } from './links.ts'
import type { Look } from './look.ts'
import type { Environment, RequestedBy, Runtime } from './runtime.ts'

export type TargetKind = 'link' | 'instance' | 'store'

/** The code of a run: the version that is judged, or the one that was there before it. */
export type CodeName = 'judged' | 'frozen'

/** What a fault may use. Each fault takes the narrowest part of it. */
export interface FaultContext {
  readonly links: LinkControl
  readonly runtime: Runtime
  readonly clock: Clock
  readonly random: Random
  /** What the instance was started with, beyond its own defaults: a restart gives it again. */
  environmentOf(instance: string): Environment
  /** The settings that make an instance run that code of the latest run. Throws when there is none of that name. */
  codeOf(name: CodeName): Environment
  /** Aborts when the run or the request that asked for the fault ends. Undoing never uses it. */
  readonly signal: AbortSignal
}

/** One application of a fault to resolved targets. */
export interface FaultRequest<Params> {
  /** Unique: names toxics and rules, so that undoing finds exactly its own. */
  readonly id: string
  /** Concrete names, at least one: patterns are resolved before. */
  readonly targets: readonly string[]
  readonly params: Params
  readonly by: Exclude<RequestedBy, 'supervisor'>
  /** Everything that the fault leaves anywhere must end by itself after this. */
  readonly leaseMs: number
}

/** Disposing undoes the fault; doing so twice is safe. */
export interface InjectedFault extends AsyncDisposable {
  /** How it was done, for the journal: `toxic`, `SIGKILL`, `iptables`, `link (no packet filter here)`. */
  readonly mechanism: string
  /** Names of the toxics it left: a run in which none of them touched a connection proves nothing. */
  readonly toxics?: readonly string[]
  /** How many connections, sessions or keys it hit at once, where that can be counted. 0 proves nothing. */
  readonly hit?: number
  /** The fault is over by itself after this (a crash with `downFor`); then it is disposed like any other. */
  readonly lastsMs?: number
}

/** Whether a runtime can do a fault, and how: `toxic`, `iptables`; or why it cannot. */
export interface Support {
  readonly available: boolean
  readonly how: string
}

/** One file each in `chaos/faults/`. Nothing outside that file names the kind. */
export interface Fault<Kind extends string, Params extends TProperties> {
  readonly kind: Kind
  /** One line for people: what happens to the target. */
  readonly description: string
  /** Where one meets it outside of a sandbox: half a line, for people. */
  readonly outside: string
  readonly target: TargetKind
  /** Of a fault on a link that may leave no toxic there: how the page draws the link. Else its toxics say it. */
  readonly look?: Look
  /** One use that works as it stands: help and documentation show it. */
  readonly example: { readonly target: string; readonly params: Static<TObject<Params>> }
  /** Of a fault on a store: those it works on; the first is the default. */
  readonly stores?: readonly string[]
  readonly params: TObject<Params>
  /** Absent: every runtime can. */
  support?(runtime: Runtime): Support
  inject(
    order: FaultRequest<Static<TObject<Params>>>,
    context: FaultContext,
  ): Promise<InjectedFault>
}

/** A fault that is on. */
export interface ActiveFault {
  readonly id: string
  readonly kind: string
  /** See {@link Fault.look}. */
  readonly look?: Look
  readonly targets: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly mechanism: string
  /** Names of the toxics it left on its links; see {@link InjectedFault.toxics}. */
  readonly toxics?: readonly string[]
  /** See {@link InjectedFault.hit}. */
  readonly hit?: number
  readonly by: 'user' | 'scenario'
  /** ISO 8601. */
  readonly since: string
  readonly until: string
  readonly leaseMs: number
}

export const leaseDefaultMs = 60_000
export const leaseMaxMs = 600_000
