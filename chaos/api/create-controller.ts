import type { EventPayload } from '#chaos/contracts/events.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { runScenario } from '#chaos/engine/run.ts'
import { publishFigures } from '#chaos/engine/run/figures.ts'
import { sendLoad } from '#chaos/engine/run/load.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { createTraffic } from '#chaos/engine/traffic.ts'
import type { Traffic } from '#chaos/engine/traffic.ts'
import { watchHealth } from '#chaos/engine/watch-health.ts'
import { createLabEditor } from '#chaos/exercise/editor/lab-editor.ts'
import { watchLabFiles } from '#chaos/exercise/editor/watch-lab-files.ts'
import { createLabControl } from '#chaos/exercise/lab-control.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import type { ProgressStore } from '#chaos/exercise/progress-store.ts'
import { createGamedays } from '#chaos/gameday/gameday.ts'
import type { Gamedays } from '#chaos/gameday/gameday.ts'
import { veilView } from '#chaos/gameday/veil.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createTypeChecker } from '#chaos/type-check/type-checker.ts'
import { factsOfRun } from '#chaos/workshop/member/facts-of-run.ts'
import { createMember } from '#chaos/workshop/member/member.ts'
import { runMember } from '#chaos/workshop/member/run-member.ts'
import { sweepLab } from '#chaos/xray/lab-sweep/sweep-lab.ts'

import type { Controller } from './controller.ts'
import { createLiveFlows } from './flows/live-flows.ts'
import { watchedEvents } from './http/watched-events.ts'
import { countAcknowledged } from './runs/acknowledged.ts'
import type { CodeSnapshots } from './runs/code-snapshot.ts'
import { refuseDuringRun } from './runs/refuse-during-run.ts'
import { reportRun } from './runs/report-run.ts'
import { restoreShop } from './runs/restore-shop.ts'
import { createRunArchive, type RunRecord } from './runs/run-archive.ts'
import { createRunControl } from './runs/run-control.ts'
import type { ExclusiveRunControl } from './runs/run-control.ts'
import { createRunFlows } from './runs/run-flows.ts'
import { catalogueOf } from './sandbox/catalogue.ts'
import { directConnectionsOf } from './sandbox/direct-connections.ts'
import { createFaultControl } from './sandbox/fault-control.ts'
import { createProfileControl } from './sandbox/profile-control.ts'
import { openPushedIncidents } from './sandbox/pushed-incidents.ts'
import { readRedis, readSql } from './sandbox/read-sql.ts'
import { readTruth } from './sandbox/read-truth.ts'
import { viewSandbox } from './sandbox/sandbox-view.ts'
import type { SandboxFacts } from './sandbox/sandbox-view.ts'
import { createTrapControl } from './sandbox/trap-control.ts'
import { startXrayHere, type XrayHereParts } from './xrays/start-xray-here.ts'
import { watchXrays } from './xrays/watch-xrays.ts'
import { createXrayControl } from './xrays/xray-control.ts'

export interface ControllerParts {
  readonly sandbox: Sandbox
  readonly facts: SandboxFacts
  readonly home: Home
  readonly labs: readonly Lab[]
  /** Every part of every lab is unlocked: for instructors. */
  readonly showAllLabs?: boolean
  readonly snapshots: CodeSnapshots
  /** Has the flow files of an adopted system. */
  readonly flowFolder?: string
  /** Takes the sandbox down and ends this process. */
  shutDown(): void
}

export interface RunningController extends Controller, AsyncDisposable {}

/** The controller of a real sandbox. Disposing aborts the current run and stops everything that the controller started. */
export function createController(parts: ControllerParts): RunningController {
  const { sandbox, facts } = parts
  const { runtime, system, clock } = sandbox
  const traffic = createTraffic({
    system,
    clock,
    random: sandbox.random,
    send: async (load) => sendLoad(sandbox, load),
    onError: (message) => sandbox.journal.note('error', `The traffic stopped: ${message}`),
  })
  const acknowledged = countAcknowledged(sandbox.journal, sandbox.system)
  const { events, feeds, labs, runs, traps, flows, progress } = createControls(parts, traffic)
  const checker = createTypeChecker({ clock })
  const readmeOf = async (lab: string): Promise<string> => (await labs.get(lab)).readme
  const liveFlows = createLiveFlows(sandbox)
  const restore = async (signal: AbortSignal): Promise<void> => {
    await traffic.stop()
    await restoreShop(sandbox, signal)
    acknowledged.reset()
  }
  const quiesce = async (): Promise<Disposable> =>
    await traffic.stop().then(async () => await events.pause())
  const xrays = xrayControlOf(parts, { runs, restore, quiesce })
  const { workshop, gamedays } = openWorkshop(parts, progress, { runs, restore, traffic })
  return {
    system: sandbox.system,
    alive: () => ({ startedAt: facts.startedAt, slot: facts.slot, pid: process.pid }),
    sandbox: {
      view: async () => {
        const now = { run: runs.current, traffic: traffic.rates, acknowledged: acknowledged.count }
        const view = await viewSandbox(sandbox, facts, now)
        return gamedays.isRunning ? veilView(view) : view
      },
      directConnections: async () => directConnectionsOf(runtime),
      restore: async () => runs.restore(restore),
      shutDown: () => shutDownHere(parts),
    },
    events,
    catalogue: () => catalogueOf(runtime, sandbox.system),
    faults: createFaultControl(sandbox, runs),
    profiles: createProfileControl(sandbox, runs),
    traffic: trafficControlOf(traffic, runs),
    traps,
    truth: async () => readTruth(sandbox),
    stores: storesOf(sandbox),
    logs: (instance, options) => runtime.logs(instance, options),
    runs,
    flows,
    liveFlows,
    labs,
    editor: createLabEditor({ ...parts, system, clock, checker, readmeOf }),
    xrays,
    workshop: workshop.member,
    gamedays,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([
        workshop.running[Symbol.asyncDispose](),
        xrays[Symbol.asyncDispose](),
        runs.abortCurrent('the sandbox was taken down'),
        checker[Symbol.asyncDispose](),
      ])
      await traffic.stop()
      await liveFlows[Symbol.asyncDispose]()
      await events[Symbol.asyncDispose]()
      for (const feed of feeds) await feed[Symbol.asyncDispose]()
      acknowledged[Symbol.dispose]()
    },
  }
}

type GamedayUse = Pick<XrayHereParts, 'restore'> & {
  readonly runs: ExclusiveRunControl
  readonly traffic: Traffic
}

/** It reports as long as the controller runs, whether or not a page is open. */
function openWorkshop(parts: ControllerParts, progress: ProgressStore, use: GamedayUse) {
  const { sandbox, home } = parts
  const { journal, clock } = sandbox
  const factsOf = async (run: string) => await factsOfRun(home.runs, run)
  const member = createMember({ ...parts, progress, clock, factsOf })
  const { gamedays, onIncident } = openPushedIncidents({
    gamedays: gamedaysOf(parts, use),
    member,
    warn: (text) => journal.note('warning', text),
  })
  const onChanged = () => void journal.publish({ type: 'workshop' })
  const running = runMember({ member, home, clock, onChanged, onIncident })
  return { gamedays, workshop: { member, running } }
}

function shutDownHere(parts: ControllerParts): void {
  if (parts.sandbox.runtime.kind === 'docker')
    throw new InputError('This sandbox runs in Docker.', {
      remedy: 'Take it down in the folder where it was started: docker compose down',
      status: 409,
    })
  parts.shutDown()
}

function storesOf({ runtime: { addresses }, clock }: Sandbox): Controller['stores'] {
  return {
    sql: async (statement) => readSql(addresses.serviceDatabaseUrl, statement, clock),
    redis: async (command) => readRedis(addresses.redisUrl, command, clock),
  }
}

function trafficControlOf(traffic: Traffic, runs: ExclusiveRunControl): Controller['traffic'] {
  return {
    start: async (rates) => {
      refuseDuringRun(runs)
      await traffic.start(rates)
      return rates
    },
    stop: async () => traffic.stop(),
  }
}

function gamedaysOf({ sandbox, home }: ControllerParts, use: GamedayUse): Gamedays {
  return createGamedays({
    sandbox,
    folder: home.runs,
    occupy: async (name, work) => await use.runs.occupy(name, work),
    restore: use.restore,
    send: async (rates) => (rates === null ? use.traffic.stop() : use.traffic.start(rates)),
  })
}

type XrayUse = Pick<XrayHereParts, 'restore' | 'quiesce'> & Pick<GamedayUse, 'runs'>

/** In Docker the controller cannot start more sandboxes: an X-ray uses its own one. */
function xrayControlOf(parts: ControllerParts, use: XrayUse) {
  const { system, clock, runtime } = parts.sandbox
  return createXrayControl({
    ...parts,
    system,
    clock,
    ...(runtime.kind !== 'local'
      ? { startHere: (request, place) => startXrayHere(request, place, { ...parts, ...use }) }
      : {}),
    assertAllowed: () => refuseDuringRun(use.runs),
  })
}

/** The feed for event streams. `feeds` are below it, to dispose after it. A run pauses only the figures. */
function eventFeeds({ sandbox, home, labs }: ControllerParts) {
  const { journal, clock } = sandbox
  const publish = (event: EventPayload): void => void journal.publish(event)
  const xrayEvents = watchedEvents(journal, () => watchXrays({ folder: home.runs, clock, publish }))
  // A run publishes its own figures. While a page watches, they contain the health of links and instances, too.
  const healthEvents = watchedEvents(xrayEvents, () => watchHealth(sandbox))
  const fileEvents = watchedEvents(healthEvents, () =>
    watchLabFiles({ home, labs, clock, publish }),
  )
  const events = watchedEvents(fileEvents, () => publishFigures(sandbox, { truthOnDemand: true }))
  return { events, feeds: [fileEvents, healthEvents, xrayEvents] }
}

/** Labs and runs need each other: a lab lists its runs, and a run of the learner's code changes the lab's progress. */
function createControls(parts: ControllerParts, traffic: Traffic) {
  const { sandbox, home, labs, snapshots } = parts
  const { journal, clock } = sandbox
  const { events, feeds } = eventFeeds(parts)
  const archive = createRunArchive(home.runs)
  const progress = createProgressStore(home.work, {
    clock,
    warn: (text) => journal.note('warning', text),
  })
  const report = async (record: RunRecord): Promise<void> =>
    await reportRun(record, {
      system: sandbox.system,
      labs,
      folderOf: (run) => archive.folderOf(run),
      progressOf: async (lab) => await progress.of(lab),
    })
  const labControl = createLabControl({
    system: sandbox.system,
    home,
    labs,
    progress,
    clock,
    showAll: parts.showAllLabs === true,
    runsOf: async (lab) => (await runs.list()).filter((run) => run.lab === lab),
    onExplained: async (run) => await report(await archive.load(run)),
  })
  const runs: ExclusiveRunControl = createRunControl({
    system: sandbox.system,
    home,
    labs,
    archive,
    clock,
    events: journal,
    snapshots,
    codeInUse: () => sandbox.codeInUse(),
    assertAllowed: () => refuseHalted(sandbox),
    execute: async (request) => {
      // A run sends its own traffic and publishes its own figures.
      await traffic.stop()
      using _paused = await events.pause()
      const { verdict } = await runScenario(sandbox, request)
      return verdict
    },
    probeContracts: async (request) => {
      const { runApart } = sandbox.runtime
      return (await sandbox.system.seams?.probeContracts?.({ ...request, runApart })) ?? []
    },
    sweepLab: async (request) => await sweepLab(sandbox, request),
    recordOutcome: async (lab, run, outcome) => labControl.recordOutcome(lab, run, outcome),
    report,
  })
  const assertAllowed = (): void => {
    refuseHalted(sandbox)
    refuseDuringRun(runs)
  }
  return {
    events,
    feeds,
    labs: labControl,
    progress,
    runs,
    flows: createRunFlows(archive, sandbox.system),
    traps: createTrapControl({ sandbox, assertAllowed }),
  }
}

function refuseHalted(sandbox: Sandbox): void {
  if (!sandbox.halted) return
  throw new InputError('The sandbox is halted. It accepts no runs, traps or X-rays.', {
    remedy: 'Lift the halt: unhappy halt --lift',
    status: 409,
  })
}
