import type { Lab } from '#chaos/contracts/lab.ts'
import { runScenario } from '#chaos/engine/run.ts'
import { publishFigures } from '#chaos/engine/run/figures.ts'
import { sendLoad } from '#chaos/engine/run/load.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { createTraffic } from '#chaos/engine/traffic.ts'
import type { Traffic } from '#chaos/engine/traffic.ts'
import { createLabControl } from '#chaos/exercise/lab-control.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { writeReport } from '#chaos/report/write-report.ts'

import type { Controller } from './controller.ts'
import { watchedEvents } from './http/watched-events.ts'
import { countAcknowledgedOrders } from './runs/acknowledged-orders.ts'
import { refuseDuringRun } from './runs/refuse-during-run.ts'
import { restoreShop } from './runs/restore-shop.ts'
import { createRunArchive } from './runs/run-archive.ts'
import { createRunControl } from './runs/run-control.ts'
import type { ExclusiveRunControl } from './runs/run-control.ts'
import { catalogueOf } from './sandbox/catalogue.ts'
import { createFaultControl } from './sandbox/fault-control.ts'
import { viewSandbox } from './sandbox/sandbox-view.ts'
import type { SandboxFacts } from './sandbox/sandbox-view.ts'
import { createTrapControl } from './sandbox/trap-control.ts'
import { watchXrays } from './xrays/watch-xrays.ts'
import { createXrayControl } from './xrays/xray-control.ts'

export interface ControllerParts {
  readonly sandbox: Sandbox
  readonly facts: SandboxFacts
  readonly home: Home
  readonly labs: readonly Lab[]
  /** Ends this process in order. */
  shutDown(): void
}

export interface RunningController extends Controller, AsyncDisposable {}

/** The controller on a real sandbox. Disposing aborts the run that goes on. */
export function createController(parts: ControllerParts): RunningController {
  const { sandbox, facts } = parts
  const { runtime } = sandbox
  const traffic = createTraffic({
    clock: sandbox.clock,
    random: sandbox.random,
    send: async (load) => sendLoad(sandbox, load),
    onError: (message) => sandbox.journal.note('error', `The traffic broke off: ${message}`),
  })
  const acknowledged = countAcknowledgedOrders(sandbox.journal)
  const { events, looking, desk, runs, traps } = createDesks(parts, traffic)
  const xrays = xrayDeskOf(parts, runs)
  return {
    sandbox: {
      view: async () =>
        viewSandbox(sandbox, facts, {
          run: runs.current,
          traffic: traffic.rates,
          acknowledged: acknowledged.count,
        }),
      restore: async () =>
        runs.alone(async (signal) => {
          await traffic.stop()
          await restoreShop(sandbox, signal)
          acknowledged.reset()
        }),
      shutDown: () => {
        if (runtime.kind === 'docker')
          throw new InputError('This sandbox runs in Docker.', {
            remedy: 'Take it down where it was started: docker compose down',
            status: 409,
          })
        parts.shutDown()
      },
    },
    events,
    catalogue: () => catalogueOf(runtime),
    faults: createFaultControl(sandbox, runs),
    traffic: {
      start: async (rates) => {
        refuseDuringRun(runs)
        await traffic.start(rates)
        return rates
      },
      stop: async () => traffic.stop(),
    },
    traps,
    truth: async () => sandbox.truth.counters(),
    logs: (instance, options) => runtime.logs(instance, options),
    runs,
    labs: desk,
    xrays,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([
        xrays[Symbol.asyncDispose](),
        runs.abortCurrent('the sandbox is going down'),
      ])
      await traffic.stop()
      await events[Symbol.asyncDispose]()
      await looking[Symbol.asyncDispose]()
      await runs[Symbol.asyncDispose]()
      acknowledged[Symbol.dispose]()
    },
  }
}

function xrayDeskOf({ sandbox, home, labs }: ControllerParts, runs: ExclusiveRunControl) {
  return createXrayControl({
    home,
    labs,
    clock: sandbox.clock,
    cannotStart: sandbox.runtime.kind === 'docker' ? 'X-rays are made outside of Docker.' : null,
    assertAllowed: () => refuseDuringRun(runs),
  })
}

/** Runs and labs know each other: a lab shows its runs, and a run of the learner's code is part of their progress. */
function createDesks({ sandbox, home, labs }: ControllerParts, traffic: Traffic) {
  const { journal, clock } = sandbox
  const looking = watchedEvents(journal, () =>
    watchXrays({ folder: home.runs, clock, publish: (event) => void journal.publish(event) }),
  )
  const events = watchedEvents(looking, () => publishFigures(sandbox))
  const archive = createRunArchive(home.runs)
  const progress = createProgressStore(home.work, {
    clock,
    warn: (text) => journal.note('warning', text),
  })
  const desk = createLabControl({
    home,
    labs,
    progress,
    clock,
    runsOf: async (lab) => (await runs.list()).filter((run) => run.lab === lab),
  })
  const runs: ExclusiveRunControl = createRunControl({
    home,
    labs,
    archive,
    clock,
    events: journal,
    assertAllowed: () => refuseHalted(sandbox),
    execute: async (order) => {
      // A run has its own customers and publishes its own figures.
      await traffic.stop()
      using _resting = await events.pause()
      const startedAt = new Date(clock.wallTimeMs()).toISOString()
      const { verdict } = await runScenario(sandbox, order)
      const { id, seed, folder, scenario } = order
      const versions = { node: process.version, platform: `${process.platform} ${process.arch}` }
      await writeReport(folder, { id, seed, title: scenario.title, startedAt, verdict, versions })
      return verdict
    },
    judged: async (lab, run, outcome) => desk.record(lab, run, outcome),
  })
  const assertAllowed = (): void => {
    refuseHalted(sandbox)
    refuseDuringRun(runs)
  }
  return { events, looking, desk, runs, traps: createTrapControl({ sandbox, assertAllowed }) }
}

function refuseHalted(sandbox: Sandbox): void {
  if (!sandbox.halted) return
  throw new InputError('The sandbox is halted: no new runs.', {
    remedy: 'Lift the halt first (unhappy halt --lift).',
    status: 409,
  })
}
