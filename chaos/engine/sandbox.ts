import type { HealReport } from '#chaos/contracts/api.ts'
import type { LinkControl } from '#chaos/contracts/links.ts'
import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'
import type { ShopSetup, SupervisorSetup } from '#chaos/contracts/scenario.ts'
import type { TruthReader } from '#chaos/contracts/truth.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'
import { Supervisor } from '#chaos/runtime/supervisor.ts'
import { createTruthReader } from '#chaos/truth/create-truth-reader.ts'

import { createCodeVersions } from './code-versions.ts'
import type { CodeVersions } from './code-versions.ts'
import { createFaultRegistry } from './fault-registry.ts'
import type { FaultRegistry } from './fault-registry.ts'
import { healEverything } from './heal-everything.ts'
import { createJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import { prepareDatabase } from './prepare-database.ts'
import { supervisorIdle } from './scenario/defaults.ts'
import { trackEnvironment } from './track-instances.ts'
import { trackLeaving } from './track-leaving.ts'

/** Restarts what died by itself. */
export interface Supervision {
  /** Goes by this setup from now on. */
  setUp(setup: SupervisorSetup): void
}

/** What a sandbox is made of. Runtime and data plane run already. */
export interface SandboxParts {
  /** Local or Docker. Disposed of by whoever made it. */
  readonly runtime: Runtime
  readonly links: LinkControl
  /** Gets the runtime whose starts the sandbox remembers. Absent: the supervisor of every runtime. */
  readonly supervise?: (runtime: Runtime) => Supervision & AsyncDisposable
  readonly clock?: Clock
  /** Of faults that people inject; a run brings its own. */
  readonly seed?: number
  /** Absent: reads the stores and payments at the runtime's addresses. */
  readonly truth?: TruthReader
  /** Makes the database new. Absent: the shop's own program does. */
  readonly prepareDatabase?: (
    setup: Pick<ShopSetup, 'off' | 'stock'>,
    signal: AbortSignal,
  ) => Promise<void>
}

/** The one object that the API and a run work with: what runs, what is broken, what is true, and what happened. */
export interface Sandbox extends AsyncDisposable {
  readonly runtime: Runtime
  readonly links: LinkControl
  readonly journal: Journal
  readonly faults: FaultRegistry
  readonly truth: TruthReader
  readonly clock: Clock
  readonly random: Random
  readonly supervision: Supervision
  /** The code of the latest run. */
  readonly code: CodeVersions
  environmentOf(instance: string): Environment
  prepareDatabase(setup: Pick<ShopSetup, 'off' | 'stock'>, signal: AbortSignal): Promise<void>
  readonly halted: boolean
  /** Undoes everything, never stops at an error, and refuses faults until lifted. A run that goes on aborts. */
  halt(): Promise<HealReport>
  lift(): void
}

/** Puts right what an earlier controller left behind, then listens to everything. Disposing undoes every fault. */
export async function createSandbox(parts: SandboxParts): Promise<Sandbox> {
  const clock = parts.clock ?? systemClock
  const random = createRandom(parts.seed ?? freshSeed())
  const journal = createJournal(clock)
  const { runtime: tracked, isLeaving } = trackLeaving(parts.runtime)
  const { runtime, environmentOf } = trackEnvironment(tracked)
  const { links } = parts
  await using stack = new AsyncDisposableStack()

  stack.defer(runtime.onInstance((event) => void journal.publish(event)))
  stack.use(listenToLinks(links, journal))
  for (const mended of await runtime.cleanUp()) journal.note('warning', `Put right: ${mended}`)
  for (const { link, error } of await links.heal())
    journal.note('error', `The link ${link} could not be healed: ${error}`)
  const truth = stack.use(parts.truth ?? createTruthReader({ ...sourcesOf(runtime), clock }))
  const supervisor = { runtime, clock, isLeaving, note: journal.note }
  const supervision = stack.use(parts.supervise?.(runtime) ?? new Supervisor(supervisor))
  supervision.setUp(supervisorIdle)
  const code = createCodeVersions()
  const { environmentOf: codeOf } = code
  const faults = stack.use(
    createFaultRegistry({ links, runtime, clock, random, environmentOf, codeOf, journal }),
  )
  const { databaseUrl } = runtime.addresses
  const ownPreparation: Sandbox['prepareDatabase'] = (setup, signal) =>
    prepareDatabase(databaseUrl, setup, signal)
  const all = stack.move()
  return {
    runtime,
    links,
    journal,
    faults,
    truth,
    clock,
    random,
    supervision,
    code,
    environmentOf,
    prepareDatabase: parts.prepareDatabase ?? ownPreparation,
    get halted() {
      return faults.refusing
    },
    halt: async () => {
      faults.refuse()
      const report = await healEverything({ faults, links, runtime }, 'halt')
      journal.publish({ type: 'halt', what: 'halted', ...report })
      return report
    },
    lift: () => {
      if (!faults.refusing) return
      faults.allow()
      journal.publish({ type: 'halt', what: 'lifted', undone: [], couldNotUndo: [] })
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Tells what happens on the links. Reading the events is also what keeps the data plane from healing by itself. */
function listenToLinks(links: LinkControl, journal: Journal): AsyncDisposable {
  const stop = new AbortController()
  const listening = (async () => {
    try {
      for await (const event of links.events(stop.signal)) journal.publish(event)
    } catch (error) {
      if (stop.signal.aborted) return
      journal.note('error', `The data plane is no longer heard: ${messageOf(error)}`)
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await listening
    },
  }
}

function sourcesOf({ addresses }: Runtime) {
  const { databaseUrl, redisUrl } = addresses
  return { databaseUrl, redisUrl, paymentsUrl: addresses.http('payments') }
}
