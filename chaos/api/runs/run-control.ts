import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RunBody, RunView } from '#chaos/contracts/api.ts'
import type { VerdictOutcome, Verdict } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { freshSeed } from '#chaos/lib/random.ts'

import type { EventFeed, RunControl } from '../controller.ts'
import { toApiError } from '../http/handle-errors.ts'
import type { CodeSnapshots } from './code-snapshot.ts'
import { contractOfRun } from './contract-of-run.ts'
import type { ProbeContracts } from './contract-of-run.ts'
import { createOccupations, isUsing, type Occupation } from './occupations.ts'
import { summaryOf } from './run-archive.ts'
import type { RunArchive, RunRecord } from './run-archive.ts'
import { planRun } from './run-plan.ts'
import type { RunPlan } from './run-plan.ts'
import { sweepOfRun } from './sweep-of-run.ts'
import type { SweepLab } from './sweep-of-run.ts'

export interface RunControlOptions {
  readonly system: System
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly archive: RunArchive
  readonly clock: Clock
  readonly events: EventFeed
  readonly snapshots: CodeSnapshots
  /**
   * The folders of seam files that instances run, or load at their next start. Undefined: not known, because an earlier
   * controller has started some instances.
   */
  codeInUse(): ReadonlySet<string> | undefined
  /** Throws {@link InputError} when no run may start. */
  assertAllowed(): void
  /** Runs the scenario and judges it. The shop has no fault afterwards, also after a failure. */
  execute(request: RunRequest): Promise<Verdict>
  readonly probeContracts: ProbeContracts
  readonly sweepLab: SweepLab
  /** Called after a run of the learner's own code. */
  recordOutcome(lab: string, run: string, outcome: VerdictOutcome): Promise<void>
  /** Writes the report of an ended run. */
  report(record: RunRecord): Promise<void>
}

interface CurrentRun {
  record: RunRecord
  readonly abort: AbortController
  done: Promise<void>
}

const restoreLimitMs = 60_000

/** One run at a time uses the sandbox. */
export interface ExclusiveRunControl extends RunControl {
  readonly current: string | null
  /**
   * Runs `work`, which restores the shop; nothing else can use the sandbox during it. A halt waits for its end: half a
   * restore is no state to stop in. Throws {@link InputError} during a run.
   */
  restore(work: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** What uses the sandbox, and is not a run; null: nothing. */
  readonly occupant: string | null
  /**
   * Starts `work`, which may last long; no run can start during it. `work` ends when its signal aborts. Throws
   * {@link InputError} during a run.
   */
  occupy(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<Occupation>
  /** Aborts the current run or other work, if there is some, and waits until it has ended. */
  abortCurrent(reason: string): Promise<void>
}

export function createRunControl(options: RunControlOptions): ExclusiveRunControl {
  const { archive } = options
  let current: CurrentRun | undefined
  let planning = false
  const others = createOccupations(async () => removeUnusedCode(options))
  /** Waits for the end of what was aborted. Then `reserve` must occupy the sandbox at once: others may wait too. */
  const whenFree = async <T>(reserve: () => T): Promise<T> => {
    await endOfAborted(current ?? others.current)
    if (others.current !== undefined) throw isUsing(others.current.name)
    if (current !== undefined) throw isUsing(`The run ${current.record.id}`)
    if (planning) throw isUsing('Another run')
    options.assertAllowed()
    return reserve()
  }
  const occupy: ExclusiveRunControl['occupy'] = async (name, work) =>
    await whenFree(() => others.start(name, work))

  const start = async (request: RunBody): Promise<RunView> => {
    await whenFree(() => void (planning = true))
    try {
      const plan = await planRun(request, options)
      const record = await newRecord(options, plan, request)
      const running: CurrentRun = { record, abort: new AbortController(), done: Promise.resolve() }
      current = running
      running.done = go(options, plan, running).finally(() => void (current = undefined))
      return { ...running.record, files: [] }
    } finally {
      planning = false
    }
  }

  const abortCurrent = async (reason: string): Promise<void> => {
    const running = current
    running?.abort.abort(new InputError(`The run was aborted: ${reason}.`))
    await Promise.all([running?.done, others.abort(reason)])
  }

  return {
    restore: async (work) => {
      const { ended } = await occupy('A restore of the shop', async () =>
        work(AbortSignal.timeout(restoreLimitMs)),
      )
      await ended
    },
    occupy,
    get occupant() {
      return others.current?.name ?? null
    },
    get current() {
      return current?.record.id ?? null
    },
    start,
    abortCurrent,
    ...readRuns(options, () => current?.record),
    abort: async (id) => {
      if (current?.record.id === id) await abortCurrent('the user asked for it')
      else await archive.load(id)
    },
  }
}

/** The current run and past ones, as the API shows them. */
function readRuns(
  { archive, events }: RunControlOptions,
  current: () => RunRecord | undefined,
): Pick<RunControl, 'list' | 'get' | 'journal' | 'file'> {
  return {
    list: async () => {
      const past = await archive.list()
      const record = current()
      if (record === undefined) return past
      return [summaryOf(record), ...past.filter(({ id }) => id !== record.id)]
    },
    get: async (id) => {
      const now = current()
      const record = now?.id === id ? now : await archive.load(id)
      return { ...record, files: await archive.filesOf(id) }
    },
    journal: async (id, after) => {
      const all =
        current()?.id === id
          ? events.since(0).filter((event) => event.run === id)
          : (await archive.load(id), await archive.journal(id))
      return all.filter((event) => event.seq > after)
    },
    file: async (id, name) => archive.file(id, name),
  }
}

/** A halt does not wait for the end of what it aborts. What comes next waits for it. */
async function endOfAborted(
  current: Pick<CurrentRun, 'abort' | 'done'> | undefined,
): Promise<void> {
  if (current?.abort.signal.aborted === true) await current.done.catch(() => undefined)
}

async function newRecord(
  options: RunControlOptions,
  plan: RunPlan,
  request: RunBody,
): Promise<RunRecord> {
  const now = new Date(options.clock.wallTimeMs())
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-')
  const id = `${stamp}-${plan.lab?.id ?? 'scenario'}-${randomBytes(2).toString('hex')}`
  const folder = await options.archive.create(id)
  await writeFile(join(folder, 'scenario.yaml'), plan.scenarioText)
  return {
    id,
    title: plan.lab?.title ?? plan.scenario.title,
    ...(plan.lab === undefined ? {} : { lab: plan.lab.id }),
    ...(plan.version === undefined ? {} : { version: plan.version }),
    seed: request.seed ?? plan.scenario.seed ?? freshSeed(),
    startedAt: now.toISOString(),
    endedAt: null,
    state: 'running',
    outcome: null,
    headline: null,
    phase: null,
    checks: [],
    verdict: null,
    error: null,
    folder: readablePath(folder),
  }
}

/** Never rejects: an error is in the record. */
async function go(options: RunControlOptions, plan: RunPlan, running: CurrentRun): Promise<void> {
  const end = options.events.subscribe((event) => {
    running.record = follow(running.record, event)
  })
  const outcome = await judge(options, plan, running)
  await removeUnusedCode(options)
  end()
  const endedAt = new Date(options.clock.wallTimeMs()).toISOString()
  const ended: RunRecord = { ...running.record, ...outcome, endedAt, phase: null }
  await options.archive.save(ended).catch((error: unknown) => {
    process.stderr.write(`The record of run ${ended.id} cannot be written: ${String(error)}\n`)
  })
  await options.report(ended).catch((error: unknown) => {
    process.stderr.write(`The report of run ${ended.id} cannot be written: ${String(error)}\n`)
  })
  // After the files: a client that reads the end of the run finds them all.
  running.record = ended
}

/** The part of the record that the end of the run sets. */
async function judge(
  options: RunControlOptions,
  plan: RunPlan,
  running: CurrentRun,
): Promise<Partial<RunRecord>> {
  try {
    const verdict = await execute(options, plan, running)
    const { outcome, headline, checks } = verdict
    if (plan.lab !== undefined && plan.version === 'mine')
      await options.recordOutcome(plan.lab.id, running.record.id, outcome)
    return { state: 'done', outcome, headline, checks, verdict }
  } catch (error) {
    const state = running.abort.signal.aborted ? 'aborted' : 'failed'
    return { state, error: toApiError(error) }
  }
}

async function execute(
  options: RunControlOptions,
  plan: RunPlan,
  { record, abort }: CurrentRun,
): Promise<Verdict> {
  const { id, seed } = record
  const folder = options.archive.folderOf(id)
  const variants = plan.variantsFor?.(seed)
  const request = {
    id,
    scenario: plan.scenario,
    seed,
    folder,
    signal: abort.signal,
    ...(variants === undefined ? {} : { variants }),
  }
  const { sweepLab } = options
  const sweep = { sweepLab, budgetMs: plan.sweepMs }
  if (plan.exercise === undefined)
    return options.execute({ ...request, ...sweepOfRun(plan, { id, folder }, sweep) })
  const snapshot = await options.snapshots.take({ id, folder }, plan.exercise)
  const exercise = { folder: snapshot, seams: plan.exercise.seams }
  return await options.execute({
    ...request,
    exercise,
    ...sweepOfRun(plan, { id, folder, exercise }, sweep),
    ...contractOfRun(plan.quick === true ? undefined : plan.lab, exercise, options.probeContracts),
  })
}

/** A copy of code stays as long as an instance runs it, or would run it after a restart. Never rejects. */
async function removeUnusedCode(options: RunControlOptions): Promise<void> {
  const inUse = options.codeInUse()
  if (inUse === undefined) return
  await options.snapshots.keepOnly(inUse).catch((error: unknown) => {
    process.stderr.write(`Copies of code cannot be removed: ${String(error)}\n`)
  })
}

function follow(record: RunRecord, event: SandboxEvent): RunRecord {
  if (event.run !== record.id) return record
  if (event.type === 'phase' && event.what === 'began')
    return {
      ...record,
      phase: event.phase,
      // The variants of a scenario have the clock of their run.
      ...(event.zeroMs === undefined || record.zeroMs !== undefined
        ? {}
        : { zeroMs: event.zeroMs }),
    }
  if (event.type === 'check') return { ...record, checks: [...record.checks, event.check] }
  return record
}
