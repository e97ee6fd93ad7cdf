import type { HealReport } from '#chaos/contracts/api.ts'
import type { LinkControl } from '#chaos/contracts/links.ts'
import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'
import type { ShopSetup, SupervisorSetup } from '#chaos/contracts/scenario.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import type { TruthReader } from '#chaos/contracts/truth.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'
import { Supervisor } from '#chaos/runtime/supervisor.ts'
import type { WorkloadRequest } from '#chaos/workload/run-workload.ts'

import { createCodeVersions } from './code-versions.ts'
import type { CodeVersions } from './code-versions.ts'
import { createFaultRegistry } from './fault-registry.ts'
import type { FaultRegistry } from './fault-registry.ts'
import { healEverything } from './heal-everything.ts'
import { createJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import type { Observed } from './observed.ts'
import { prepareDatabase } from './prepare-database.ts'
import { createProfiles } from './profiles.ts'
import type { Profiles } from './profiles.ts'
import { supervisorIdle } from './scenario/defaults.ts'
import { trackInstances } from './track-instances.ts'
import type { TrackedInstances } from './track-instances.ts'

/** Restarts instances that end by themselves. */
export interface Supervision {
  /** Uses this setup from now on. */
  setUp(setup: SupervisorSetup): void
  /** Until the next `setUp` the caller alone starts and stops instances. Resolves when no restart is running. */
  release(): Promise<void>
  /** Restarts an instance that is down as if it had ended by itself, even when it refuses its configuration. */
  takeOver(instance: string): void
}

/** The parts of a sandbox. Runtime and data plane are already running. */
export interface SandboxParts {
  readonly system: System
  /** Local or Docker. The caller disposes it. */
  readonly runtime: Runtime
  readonly links: LinkControl
  /** Creates the supervisor for the tracked runtime. Absent: the default supervisor. */
  readonly supervise?: (runtime: Runtime) => Supervision & AsyncDisposable
  readonly clock?: Clock
  /** For faults that users inject. A run has its own seed. */
  readonly seed?: number
  /** Absent: reads the system's sources at the runtime's addresses. */
  readonly truth?: TruthReader
  /** Recreates the database. Absent: with the system's own program. */
  readonly prepareDatabase?: Sandbox['prepareDatabase']
  /** See {@link Sandbox.traceparent}. */
  readonly traceparent?: WorkloadRequest['traceparent'] | undefined
}

/** A running shop with its links, faults, sources of truth and journal. The API and every run work with this object. */
export interface Sandbox extends AsyncDisposable {
  /** Its topology contains the parts that run now. */
  readonly system: System
  readonly runtime: Runtime
  readonly links: LinkControl
  readonly journal: Journal
  readonly faults: FaultRegistry
  readonly profiles: Profiles
  readonly truth: TruthReader
  readonly clock: Clock
  /** See {@link WorkloadRequest.traceparent}. */
  readonly traceparent?: WorkloadRequest['traceparent'] | undefined
  readonly random: Random
  readonly supervision: Supervision
  /** What is measured while a page watches. */
  readonly observed: Observed
  /** The code of the latest run. */
  readonly code: CodeVersions
  environmentOf(instance: string): Environment
  /**
   * The folders of seam files that an instance runs, or loads at its next start. Undefined: an earlier controller has started
   * some instances, so their folders are not known.
   */
  codeInUse(): ReadonlySet<string> | undefined
  /** The instances that are starting or stopping. */
  changing(): readonly string[]
  prepareDatabase(setup: ShopSetup, signal: AbortSignal): Promise<void>
  readonly halted: boolean
  /** Heals everything, continues after errors, and refuses new faults until the halt is lifted. Aborts a running run. */
  halt(): Promise<HealReport>
  /** Lifts the halt. */
  lift(): void
}

/** Cleans up what an earlier controller left behind, then records all events. Disposing heals every fault. */
export async function createSandbox(parts: SandboxParts): Promise<Sandbox> {
  const clock = parts.clock ?? systemClock
  const random = createRandom(parts.seed ?? freshSeed())
  const journal = createJournal(clock)
  const tracked = trackInstances(parts.runtime)
  const { runtime, environmentOf, isStopping, changing } = tracked
  const { links } = parts
  const profiles = createProfiles({ ...parts, ...tracked, topology: parts.system.topology })
  // From here on, the system has the parts that run now.
  const system: System = { ...parts.system, topology: profiles.topology }
  const around = { topology: system.topology, links, runtime, profiles, clock, random }
  await using stack = new AsyncDisposableStack()

  stack.defer(runtime.onInstance((event) => void journal.publish(event)))
  let healVanished = (): void => undefined
  stack.use(listenToLinks(links, journal, () => healVanished()))
  await startClean({ ...parts, system, runtime }, journal)
  const truth = stack.use(parts.truth ?? truthOf(system).open(runtime.addresses, clock))
  const supervisor = { system, runtime, clock, isLeaving: isStopping, note: journal.note }
  const supervision = stack.use(parts.supervise?.(runtime) ?? new Supervisor(supervisor))
  supervision.setUp(supervisorIdle)
  const code = createCodeVersions()
  const faults = stack.use(
    createFaultRegistry({
      ...around,
      environmentOf,
      codeOf: (name) => code.environmentOf(name),
      leaveToSupervisor: (name) => supervision.takeOver(name),
      journal,
    }),
  )
  healVanished = () => {
    // If the links cannot be read, the next event or connection causes another attempt.
    void profiles.reopen().catch(() => undefined)
    void faults.healVanished(() => links.list()).catch(() => undefined)
  }
  const ownPreparation: Sandbox['prepareDatabase'] = (setup, signal) =>
    prepareDatabase(system, runtime.addresses.databaseUrl, setup, signal)
  const all = stack.move()
  return {
    system,
    runtime,
    links,
    journal,
    faults,
    profiles,
    truth,
    clock,
    traceparent: parts.traceparent,
    random,
    supervision,
    observed: {},
    code,
    environmentOf,
    codeInUse: () => findCodeInUse(system, tracked, code),
    changing,
    prepareDatabase: parts.prepareDatabase ?? ownPreparation,
    get halted() {
      return faults.refusing
    },
    halt: async () => {
      faults.refuse()
      const report = await healEverything({ faults, links, runtime, clock, changing }, 'halt')
      journal.publish({ type: 'halt', what: 'halted', ...report })
      return report
    },
    lift: () => liftHalt(faults, journal),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

function liftHalt(faults: FaultRegistry, journal: Journal): void {
  if (!faults.refusing) return
  faults.allow()
  journal.publish({ type: 'halt', what: 'lifted', undone: [], couldNotUndo: [] })
}

/** An earlier controller may have moved links to a replica that no longer runs. */
async function leadHome({ links: all }: Topology, { links, runtime }: SandboxParts): Promise<void> {
  const { profiles } = runtime
  if (profiles === undefined) return
  const statuses = await links.list()
  for (const link of all) {
    const { upstream } = profiles.routeOf(link)
    const status = statuses.find(({ name }) => name === link.name)
    if (status !== undefined && status.upstream !== upstream) await links.lead(link.name, upstream)
  }
}

/** Cleans up what an earlier controller left behind. */
async function startClean(parts: SandboxParts, { note }: Journal): Promise<void> {
  for (const leftover of await parts.runtime.cleanUp()) note('warning', `Cleaned up: ${leftover}`)
  await leadHome(parts.system.topology, parts)
  for (const { link, error } of await parts.links.heal())
    note('error', `The link ${link} could not be healed: ${error}`)
}

/**
 * Publishes the events of the links. Reading them is also the heartbeat without which the data plane heals itself. Calls
 * `onReset` when toxics may have gone without a heal: the data plane has restarted, or it has healed a link itself.
 */
function listenToLinks(links: LinkControl, journal: Journal, onReset: () => void): AsyncDisposable {
  const stop = new AbortController()
  const listening = (async () => {
    try {
      for await (const event of links.events(stop.signal, onReset)) {
        journal.publish(event)
        if (event.type === 'link' && (event.what === 'toxic-expired' || event.what === 'up'))
          onReset()
      }
    } catch (error) {
      if (stop.signal.aborted) return
      journal.note('error', `The events of the data plane ended: ${messageOf(error)}`)
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await listening
    },
  }
}

function findCodeInUse(
  { topology }: System,
  { runtime, mayRun }: TrackedInstances,
  code: CodeVersions,
): ReadonlySet<string> | undefined {
  const all = [code.environmentOf('judged')]
  for (const { name } of topology.instances) {
    const environments = mayRun(name)
    // Instances of the local runtime end with their controller. Those of Docker do not.
    if (environments === undefined && runtime.kind === 'docker') return undefined
    all.push(...(environments ?? []))
  }
  const folders = all.map(({ EXERCISE_DIR: folder }) => folder)
  return new Set(folders.filter((folder) => folder !== undefined))
}
