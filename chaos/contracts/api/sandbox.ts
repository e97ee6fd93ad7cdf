import type { ActiveFault } from '../fault.ts'
import type { LinkStatus } from '../links.ts'
import type { InstanceStatus, RuntimeKind } from '../runtime.ts'
import type { ResultMeanings } from '../system/flow.ts'
import type { RateName, SystemPage } from '../system/system-page.ts'
import type { TopologyLink } from '../topology.ts'
import type { TruthCounters } from '../truth.ts'

/** Which controller listens. A client compares it with the sandbox file. */
export interface AliveView {
  readonly startedAt: string
  readonly slot: number
  readonly pid: number
}

/** The state of the sandbox. */
export interface SandboxView {
  /** What runs. Without a start or a stop of a profile, it stays the same until the controller ends. */
  readonly system: SystemView
  readonly runtime: RuntimeKind
  readonly version: string
  readonly node: string
  readonly slot: number
  readonly startedAt: string
  readonly ready: boolean
  readonly halted: boolean
  readonly urls: {
    readonly dashboard: string
    /** One entry per instance that receives requests from outside, through its client link. */
    readonly shop: readonly string[]
    readonly proxy: string
    /** Absent: the system has no Postgres. */
    readonly postgres?: string
    /** Absent: the system has no Redis. */
    readonly redis?: string
    /** In Docker: the same addresses as seen from a container of the project. */
    readonly inside?: {
      readonly proxy: string
      readonly postgres?: string
      readonly redis?: string
    }
  }
  readonly instances: readonly InstanceStatus[]
  readonly links: readonly LinkStatus[]
  readonly faults: readonly ActiveFault[]
  readonly truth: TruthCounters | null
  /**
   * Orders that succeeded for the sandbox's own clients since the last restore; counted before `truth` is read. If this is
   * more than `truth.orders`, orders are lost.
   */
  readonly acknowledged: number
  /** Clients outside of runs; null: none. */
  readonly traffic: TrafficRates | null
  /** Id of the run that uses the sandbox now. */
  readonly run: string | null
  readonly lastSeq: number
  /** A game day runs: what is wrong, if anything, is hidden. `faults` and `links` do not contain it. Absent: no. */
  readonly hidesIncidents?: true
  /** The parts that could not be read: they are empty or null in this view. Absent: none. */
  readonly unread?: readonly UnreadPart[]
}

/** The system that the sandbox runs: its parts without their ports, and what the dashboard shows about it. */
export interface SystemView {
  readonly name: string
  /** A user's own system: it has no labs, runs and game days. Absent: it is not. */
  readonly adopted?: true
  readonly instances: readonly { readonly name: string; readonly service: string }[]
  readonly stores: readonly string[]
  readonly links: readonly Omit<TopologyLink, 'portOffset' | 'variable'>[]
  /** What clients can ask of it, in the order of the key above the chart. `nouns`: `quote requests`. */
  readonly operations: readonly { readonly kind: string; readonly nouns: string }[]
  /** Its figures are those of the system, or one for each counter. */
  readonly page: SystemPage & Required<Pick<SystemPage, 'figures'>>
  /** What the results of an X-ray mean, where it has words of its own. */
  readonly meanings?: ResultMeanings
}

/** Parts of the system that run only when asked. */
export interface ProfileView {
  readonly name: string
  readonly description: string
  readonly on: boolean
  /** What asked for it: `user`, `scenario`, or `fault` and the fault's id. It runs until each of them has released it. */
  readonly holders: readonly string[]
  /** Names of its stores and links. */
  readonly parts: readonly string[]
}

/** A part of the sandbox that could not be read: `the instances`, `the links`, or a source of truth. */
export interface UnreadPart {
  readonly part: string
  readonly error: string
}

/** The controller writes it to `.unhappy/sandboxes/<slot>.json` and removes it when it ends. The CLI finds the controller by it. */
export interface SandboxFile {
  readonly slot: number
  readonly pid: number
  /** Where the pid has its meaning: see `chaos/lib/process-space.ts`. Absent in files of earlier versions. */
  readonly processSpace?: string
  readonly url: string
  readonly token: string
  /** Permits other proxies on the data plane. Absent in Docker: there it is UNHAPPY_LINKS_SECRET, if you set it. */
  readonly linksSecret?: string
  readonly runtime: RuntimeKind
  readonly startedAt: string
  /** The sandbox was started for one command and ends with it. */
  readonly ephemeral: boolean
}

/** Opens the dashboard once. */
export interface OneTimeSecret {
  readonly secret: string
  readonly expiresInMs: number
}

/** What a heal or a halt did. */
export interface HealReport {
  /** Healed faults and cleaned-up leftovers. */
  readonly undone: readonly string[]
  /** What is not healed at the deadline, or failed. An attempt that has not ended continues. */
  readonly couldNotUndo: readonly { readonly what: string; readonly error: string }[]
  /** Instances that were still starting at the deadline. Absent: none. */
  readonly starting?: readonly string[]
}

/** Operations per second. It has the rate of every operation of the system; 0 means none. */
export type TrafficRates = Readonly<Record<RateName, number>>

/** The faults and checks that exist. */
export interface CatalogueView {
  readonly faults: readonly {
    readonly kind: string
    readonly description: string
    readonly target: 'link' | 'instance' | 'store'
    /** For a fault on a store: the stores on which it works. Absent: on all. */
    readonly stores?: readonly string[]
    /** JSON Schema. */
    readonly params: unknown
    /** The mechanism in this runtime, or the reason why this runtime cannot inject it. */
    readonly here: string
    readonly available: boolean
  }[]
  readonly checks: readonly {
    readonly name: string
    readonly description: string
    readonly params: unknown
  }[]
}
