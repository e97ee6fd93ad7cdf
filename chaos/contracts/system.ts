import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { AnyCheck, Assessment, Evidence, RunFacts, StoryLine } from './check.ts'
import type { SystemGamedays } from './gameday/incident.ts'
import type { Operation } from './history.ts'
import type { DirectAddresses, Environment } from './runtime.ts'
import type { ShopSetup, Workload } from './scenario.ts'
import type { SystemFlowView } from './system/flow-view.ts'
import type { Flow, SystemXray } from './system/flow.ts'
import type { SystemLimit } from './system/limit.ts'
import type { SystemSeams } from './system/seams.ts'
import type { RateName, SystemPage } from './system/system-page.ts'
import type { SystemWorkload } from './system/workload.ts'
import type { Instance, Topology } from './topology.ts'
import type { SystemTruth } from './truth.ts'

/**
 * What a sandbox runs, and everything that chaos/ knows about it. A system is a value: the parts of chaos/ receive it, and none
 * of them knows a name that is in it.
 */
export interface System<Truth = unknown> {
  /** One lower-case word: `shop`. In sentences it is "the shop". Also the name of its database, of the database's user, and the user's password. */
  readonly name: string
  readonly topology: Topology
  /**
   * It belongs to the user: preparing it heals faults and starts what is down, and it never deletes data, restarts what runs,
   * or starts a second one. Absent: it belongs to the sandbox, which recreates all its data.
   */
  readonly adopted?: true

  // How its processes run.

  /** Absent: a run starts with an empty database, and the instances create their own tables. */
  readonly database?: SystemDatabase
  /** The paths of every instance's health checks, which receive 200 when it is ready or live. Absent: `/health/ready` and `/health/live`. */
  readonly healthPaths?: HealthPaths
  /** The path at which every instance reports the seams that it runs. Absent: the system has no seams. */
  readonly seamsPath?: string
  /** Starts the system in Docker. Relative to the project's root. Absent: it runs as plain processes only. */
  readonly composeFile?: string
  /**
   * Variables of an instance in addition to those that every instance receives: INSTANCE, HOST, PORT, and the addresses of its
   * links (DATABASE_URL, REDIS_URL, `<CALLEE>_URL`). `file` is a path without an extension, for data that must outlive a crash
   * of the instance. No other instance and no other run has it.
   */
  environmentOf?(instance: Instance, file: string): Environment

  // What clients send, and what must hold.

  /**
   * What clients can ask of the system. The first one is in the examples of documents. Empty: nothing is known about its
   * requests, so it has no traffic and no scenarios.
   */
  readonly operations: readonly OperationDefinition[]
  /** Absent: only with no operations. See {@link workloadOf}. */
  readonly workload?: SystemWorkload<Workload, Truth>
  /** Absent: nothing is known about its data. See {@link truthOf}. */
  readonly truth?: SystemTruth<Truth>
  /**
   * Every check by its name: those of any system (`generalChecks` of chaos/checks) and the system's own. Empty: no scenario can
   * be judged.
   */
  readonly checks: Readonly<Record<string, AnyCheck>>
  /** Names of the checks that are judged in every run, whatever the scenario expects. Absent: none. */
  readonly alwaysJudged?: readonly string[]
  /** Absent: the system owes no refusal, none is true, and nothing is in flight at the final reads. */
  assess?(facts: RunFacts<Truth>): Assessment
  /** What the offender of a check is. Undefined or absent: an operation, or a part of the sandbox. */
  tellAbout?(evidence: Evidence<Truth>, id: string): AboutOffender | undefined
  /** Absent: no file of the system can be replaced. */
  readonly seams?: SystemSeams
  /** Begins changes of the system's data that go on during a run, until they are disposed. Undefined or absent: none. */
  beginChanges?(run: ChangingRun): AsyncDisposable | undefined
  /** Whether the operation ended as it must before the first fault. Absent: it succeeded. */
  isHealthy?(operation: Operation): boolean

  /** Promises that it cannot keep under a fault. Absent: it keeps all of them. */
  readonly limits?: readonly SystemLimit[]

  /** What the sources of truth hold about one flow. Absent: the record of a flow has its messages and attempts only. */
  readonly flowView?: SystemFlowView<Truth>

  // What an X-ray runs.

  /** By name: `place-order`. The first one is the default. It is also the warm-up of every new process. Empty: no X-ray. */
  readonly flows: Readonly<Record<string, Flow>>
  /** Absent: every part has its default. */
  readonly xray?: SystemXray

  /** What the dashboard shows about it beyond the topology. */
  readonly page?: SystemPage

  /** Hidden incidents. Absent: it has no game days. */
  readonly gamedays?: SystemGamedays
}

/** The program that recreates all tables and data. */
export interface SystemDatabase {
  /**
   * Relative to the project's root. It receives DATABASE_URL. Exit status 78 means that the set-up is not valid; then its
   * standard error says why.
   */
  readonly program: string
  /** Variables that tell the program how a scenario sets the system up. */
  environmentFor?(setup: ShopSetup): Environment
}

export interface HealthPaths {
  readonly ready: string
  readonly live: string
}

/** The workload of a system that has one. Throws {@link InputError} for one without operations. */
export function workloadOf<Truth>({
  name,
  workload,
}: Pick<System<Truth>, 'name'> & {
  readonly workload?: SystemWorkload<Workload, Truth> | undefined
}): SystemWorkload<Workload, Truth> {
  if (workload !== undefined) return workload
  throw new InputError(
    `Nothing is known about the requests of ${name}: it has no traffic and no scenarios.`,
    {
      remedy:
        'Send requests yourself, or describe a flow in a file and X-ray it: unhappy xray FILE.flow.yaml',
      status: 409,
    },
  )
}

const nothingRead: SystemTruth = {
  sources: [],
  counters: [],
  inFlight: [],
  open: () => ({
    read: async () => undefined,
    isFinal: async () => true,
    counters: async () => ({}),
    partialCounters: async () => ({ counters: {}, unread: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

/** The sources of truth of a system. Without any, there is nothing to read, nothing to count, and no work in flight. */
export function truthOf({
  truth = nothingRead,
}: {
  readonly truth?: SystemTruth | undefined
}): SystemTruth {
  return truth
}

const healthPathsDefault: HealthPaths = { ready: '/health/ready', live: '/health/live' }

/** The paths of the health checks of every instance. */
export function healthPathsOf({ healthPaths }: Pick<System, 'healthPaths'>): HealthPaths {
  return healthPaths ?? healthPathsDefault
}

/** A run during which the system's data changes. */
export interface ChangingRun {
  readonly addresses: DirectAddresses
  /** Environment variables that the scenario sets, by service or instance. */
  readonly environment: Readonly<Record<string, Environment>>
  readonly clock: Clock
  readonly random: Random
}

/** A kind of operation. */
export interface OperationDefinition {
  /** As in scenarios and histories: `browse`. */
  readonly kind: string
  /** One of them, in sentences: `browse request`. The plural adds an `s`. */
  readonly noun: string
  /** It changes something, so without a response its outcome is unknown. Absent: it only reads. */
  readonly changes?: true
  /** Key of its rate in a scenario's `workload:`. Absent: its kind. */
  readonly rate?: string
  /** What the rate counts: `requests that read an order`. Absent: the plural of the noun. */
  readonly rated?: string
  /** Its rate in the API's traffic outside of runs. Absent: the key and `PerSecond`. */
  readonly trafficRate?: RateName
  /** The answers in a success response that a check can ask for. Absent: none. */
  readonly answers?: readonly string[]
  /** What the client sends or requests, in a story: `product tea`. Absent: noun and key. */
  describe?(operation: Operation): string
  /** The result of an operation that changed something, in a story: `order o-1 is placed`. Absent: noun, key and answer. */
  describeResult?(operation: Operation): string
}

/** What an offender is, and its story. */
export interface AboutOffender {
  /** The title: `order o-7f-000017`. */
  readonly about: string
  /** In any order. */
  readonly lines: readonly StoryLine[]
}
