import type { Static, TObject, TProperties } from 'typebox'

import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { LinkControl, LinkStatus } from './links.ts'
import type { Look } from './look.ts'
import type { ProfileControl } from './profiles/profile-control.ts'
import type { Environment, RequestedBy, Runtime } from './runtime.ts'
import type { Topology } from './topology.ts'

export type TargetKind = 'link' | 'instance' | 'store'

/** The code of a run: the version that is judged, or the version that runs before the deploy. */
export type CodeName = 'judged' | 'frozen'

/** What a fault may use. Each fault declares the smallest part that it needs. */
export interface FaultContext {
  readonly topology: Topology
  readonly links: LinkControl
  readonly runtime: Runtime
  /** Absent: no part of the system runs only when asked. */
  readonly profiles?: ProfileControl
  readonly clock: Clock
  readonly random: Random
  /** The environment with which the instance was last started, beyond its own defaults. A restart uses it again. */
  environmentOf(instance: string): Environment
  /** The environment with which an instance runs that code of the latest run. Throws if the run has no such code. */
  codeOf(name: CodeName): Environment
  /**
   * Leaves an instance that is down to the supervisor. It starts the instance as one that ended by itself, after a growing
   * delay, even when the instance refuses its configuration. It stops when the fault starts or stops the instance.
   */
  readonly leaveToSupervisor: (instance: string) => void
  /** Adds a line for users to the journal. */
  readonly note: (level: 'info' | 'warning', text: string) => void
  /** Aborts when the run or the HTTP request that injects the fault ends. Healing never uses it. */
  readonly signal: AbortSignal
}

/** One application of a fault to resolved targets. */
export interface FaultRequest<Params> {
  /** Unique. Toxics and packet rules carry it, so healing finds exactly those of this fault. */
  readonly id: string
  /** Names, at least one. Patterns are already resolved. */
  readonly targets: readonly string[]
  readonly params: Params
  readonly by: Exclude<RequestedBy, 'supervisor'>
  /** Everything that the fault leaves in any process must end by itself after this time. */
  readonly leaseMs: number
}

/** Disposing heals the fault. Disposing twice is safe. */
export interface InjectedFault extends AsyncDisposable {
  /** How it was done, for the journal: `toxic`, `SIGKILL`, `iptables`, `link (no packet filter here)`. */
  readonly mechanism: string
  /** Names of the toxics that the fault added. If none of them touched a connection, the run proves nothing. */
  readonly toxics?: readonly string[]
  /** The number of connections, sessions or keys that the fault hit, where it can be counted. 0 proves nothing. */
  readonly hit?: number
  /** Only of a fault that also does what a user of the system would do: what, and whether another session ended it early. */
  work?(): { readonly what: string; readonly interrupted: boolean }
  /** Only of a fault on links: whether anything of it is still there. Absent: only its healing ends it. */
  remainsOn?(links: readonly LinkStatus[]): boolean
  /** After this time the fault is over by itself (a crash with `downFor`); then it is disposed like any other fault. */
  readonly lastsMs?: number
}

/** Whether a runtime can inject a fault. `how` is the mechanism (`toxic`, `iptables`), or the reason why it cannot. */
export interface Support {
  readonly available: boolean
  readonly how: string
}

/** A kind of fault: one file in `chaos/faults/`. No code outside that file names the kind. */
export interface Fault<Kind extends string, Params extends TProperties> {
  readonly kind: Kind
  /** One line for users: what happens to the target. */
  readonly description: string
  /** Where the fault occurs outside of a sandbox: half a line for users. */
  readonly outside: string
  readonly target: TargetKind
  /** Only for a fault on a link that may leave no toxic there: how the page draws the link. */
  readonly look?: Look
  /** A complete, valid example for help and documentation. */
  readonly example: { readonly target: string; readonly params: Static<TObject<Params>> }
  /** For a fault on a store: the stores on which it works. The first one is the default. */
  readonly stores?: readonly string[]
  /** For a fault on a store: it also works on replicas of {@link stores}. Absent: it does not. */
  readonly onReplicas?: true
  /** Only of a fault on instances: it works on services, not on stores. A pattern matches services only. */
  readonly servicesOnly?: true
  /** The fault freezes processes. They are resumed before other faults are healed: a frozen store does not respond. */
  readonly freezes?: true
  readonly params: TObject<Params>
  /** Absent: every runtime can inject it. */
  support?(runtime: Runtime): Support
  inject(
    request: FaultRequest<Static<TObject<Params>>>,
    context: FaultContext,
  ): Promise<InjectedFault>
}

/** A fault that is in effect. */
export interface ActiveFault {
  readonly id: string
  readonly kind: string
  /** See {@link Fault.look}. */
  readonly look?: Look
  readonly targets: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  readonly mechanism: string
  /** See {@link InjectedFault.toxics}. */
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
