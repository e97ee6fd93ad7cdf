import { readFile } from 'node:fs/promises'

import type {
  Environment,
  InstanceEvent,
  InstanceRequest,
  KillRequest,
  InstanceState,
  InstanceStatus,
  RequestedBy,
  SeamReport,
  StatusOptions,
} from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { createStartDeadline, sampleEveryMs } from '../../start-deadline.ts'
import { startFailure } from '../../start-failure.ts'
import type { KeeperReport, SpawnRequest } from '../keeper/keeper-requests.ts'
import type { Keeper } from '../keeper/start-keeper.ts'
import { readStartProgress } from './start-progress.ts'

/** What the runtime needs to start an instance and to check that it is ready. */
export interface InstancePlan {
  readonly name: string
  readonly kind: InstanceStatus['kind']
  readonly logFile: string
  /** The signal that stops it gracefully. */
  readonly stopSignal: NodeJS.Signals
  spawnRequest(environment: Environment): SpawnRequest
  probe(): Promise<boolean>
  /** The versions of seams that a service reports; undefined when it does not answer. */
  seams?(): Promise<readonly SeamReport[] | undefined>
}

interface Run {
  readonly pid: number
  readonly startedAt: string
  /** Resolves when its whole process tree is gone. */
  readonly exited: Promise<Exit>
  readonly reportExit: (exit: Exit) => void
  /** Resolves when it is ready for the first time; rejects when it ends before. */
  ready: Promise<void>
  wasReady: boolean
  paused: boolean
  /** As reported; they do not change while the process runs. */
  seams?: readonly SeamReport[]
  /** The request that ends it, if there is one. */
  ending?: Pick<InstanceEvent, 'planned'> & { by: RequestedBy; leaves: 'absent' | 'exited' }
}

interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

type ExitReport = Extract<KeeperReport, { readonly report: 'exited' }>

const readyPollMs = 25

/** One instance, store or the data plane: records who requested what and emits every change. */
export class LocalInstance {
  readonly name: string
  readonly #plan: InstancePlan
  readonly #keeper: Keeper
  readonly #clock: Clock
  readonly #emit: (event: InstanceEvent) => void
  #run: Run | undefined
  #spawning: Promise<Run> | undefined
  /** The exit of a process that ended before its spawn was known here: both messages can arrive at once. */
  #earlyExit: ExitReport | undefined
  #environment: Environment = {}
  #restarts = 0
  #lastExit: Exit | undefined
  #endState: InstanceState = 'absent'
  #diedByItself = false

  constructor(
    plan: InstancePlan,
    deps: { keeper: Keeper; clock: Clock; emit: (event: InstanceEvent) => void },
  ) {
    this.name = plan.name
    this.#plan = plan
    this.#keeper = deps.keeper
    this.#clock = deps.clock
    this.#emit = deps.emit
  }

  async start(request: InstanceRequest & { readonly environment?: Environment }): Promise<void> {
    const { signal } = request
    signal?.throwIfAborted()
    // If it is about to end, the start begins after its end.
    if (this.#run?.ending !== undefined) await this.#run.exited
    signal?.throwIfAborted()
    await this.#untilReady(this.#run ?? (await this.#spawned(request)), signal)
  }

  async stop(request: InstanceRequest & { readonly graceMs: number }): Promise<void> {
    const run = await this.#beginEnd({ by: request.by, leaves: 'absent' })
    if (run === undefined) this.#keepDown('absent', request.by)
    const { graceMs } = request
    const { name } = this
    await this.#keeper.request('stop', { name, signal: this.#plan.stopSignal, graceMs })
  }

  async kill({ by, planned }: KillRequest): Promise<void> {
    const run = await this.#beginEnd(
      planned === true ? { by, leaves: 'absent', planned } : { by, leaves: 'exited' },
    )
    if (run === undefined) this.#keepDown(this.#endState, by)
    await this.#keeper.request('kill', { name: this.name })
  }

  async pause(request: InstanceRequest & { readonly leaseMs: number }): Promise<void> {
    const { by, leaseMs } = request
    await this.#keeper.request('pause', { name: this.name, leaseMs })
    if (this.#run !== undefined) this.#run.paused = true
    this.#tell('paused', by)
  }

  async resume(request: InstanceRequest): Promise<void> {
    await this.#keeper.request('resume', { name: this.name })
    this.#resumed(request.by)
  }

  onReport(report: KeeperReport): void {
    if (report.report === 'lease-ended')
      return this.#resumed('itself', 'the lease of the pause ended')
    const run = this.#run
    if (run?.pid !== report.pid) {
      if (this.#spawning !== undefined) this.#earlyExit = report
      return
    }
    const { code, signal } = report
    this.#run = undefined
    this.#lastExit = { code, signal }
    this.#endState = run.ending?.leaves ?? 'exited'
    this.#diedByItself = run.ending === undefined
    const { by = 'itself', planned } = run.ending ?? {}
    this.#tell(this.#endState, by, { pid: run.pid, code, signal, ...(planned && { planned }) })
    run.reportExit({ code, signal })
  }

  /** The keeper has ended, so no report will say that the process has. Without this, a start would wait forever. */
  onKeeperEnd(): void {
    const run = this.#run
    if (run === undefined) return
    const { name } = this
    this.onReport({ report: 'exited', name, pid: run.pid, code: null, signal: 'SIGKILL' })
  }

  async status({ probeWithinMs }: StatusOptions = {}): Promise<InstanceStatus> {
    const run = this.#run
    const late = probeWithinMs === undefined ? undefined : AbortSignal.timeout(probeWithinMs)
    const [state, seams] = await Promise.all([
      this.#state(run, late),
      unlessLate(this.#seams(run), run?.seams, late),
    ])
    return {
      name: this.name,
      kind: this.#plan.kind,
      state,
      restarts: this.#restarts,
      ...(seams === undefined ? {} : { seams }),
      ...(run === undefined ? {} : { pid: run.pid, startedAt: run.startedAt }),
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
    }
  }

  async #state(run: Run | undefined, late: AbortSignal | undefined): Promise<InstanceState> {
    if (run === undefined) return this.#spawning === undefined ? this.#endState : 'starting'
    if (run.paused) return 'paused'
    if (!run.wasReady) return 'starting'
    return (await unlessLate(this.#plan.probe(), false, late)) ? 'ready' : 'unready'
  }

  async #seams(run: Run | undefined): Promise<readonly SeamReport[] | undefined> {
    if (run?.wasReady !== true || run.paused || run.seams !== undefined) return run?.seams
    const seams = await this.#plan.seams?.()
    if (seams !== undefined) run.seams = seams
    return seams
  }

  /** The run that is being spawned, or a new one. It may have ended already. */
  async #spawned({
    by,
    environment,
  }: InstanceRequest & { readonly environment?: Environment }): Promise<Run> {
    if (environment !== undefined && this.#spawning === undefined) this.#environment = environment
    this.#spawning ??= this.#spawn(by).finally(() => (this.#spawning = undefined))
    return await this.#spawning
  }

  async #spawn(by: RequestedBy): Promise<Run> {
    const { pid } = await this.#keeper.request('spawn', this.#plan.spawnRequest(this.#environment))
    const exited = Promise.withResolvers<Exit>()
    const run: Run = {
      pid,
      startedAt: new Date(this.#clock.wallTimeMs()).toISOString(),
      exited: exited.promise,
      reportExit: exited.resolve,
      ready: Promise.resolve(),
      wasReady: false,
      paused: false,
    }
    this.#run = run
    this.#diedByItself = false
    if (by === 'supervisor') this.#restarts++
    this.#tell('starting', by, { pid })
    run.ready = this.#becomeReady(run, by)
    // The callers of start receive this error. Without a caller, the exit event reports it.
    run.ready.catch(() => undefined)
    const early = this.#earlyExit
    this.#earlyExit = undefined
    if (early !== undefined) this.onReport(early)
    return run
  }

  async #becomeReady(run: Run, by: RequestedBy): Promise<void> {
    while (this.#run === run) {
      if (await this.#plan.probe()) {
        if (this.#run !== run) break
        run.wasReady = true
        return this.#tell('ready', by, { pid: run.pid })
      }
      await this.#clock.sleep(readyPollMs)
    }
    if (run.ending !== undefined)
      throw new Error(`${this.name} was ended by a request (${run.ending.by}) before it was ready.`)
    throw startFailure(this.name, await run.exited, await linesOf(this.#plan.logFile))
  }

  async #untilReady(run: Run, signal: AbortSignal | undefined): Promise<void> {
    const deadline = createStartDeadline({
      instance: this.name,
      clock: this.#clock,
      progress: async () => await readStartProgress(run.pid, this.#plan.logFile),
    })
    const over = new AbortController()
    const waiting = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal])
    const tooLong = (async (): Promise<never> => {
      for (;;) {
        await this.#clock.sleep(sampleEveryMs, waiting)
        await deadline.check()
      }
    })()
    try {
      await Promise.race([run.ready, tooLong])
    } finally {
      over.abort()
      tooLong.catch(() => undefined)
    }
  }

  async #beginEnd(ending: NonNullable<Run['ending']>): Promise<Run | undefined> {
    await this.#spawning
    const run = this.#run
    if (run !== undefined) run.ending = ending
    return run
  }

  // It had died by itself. The event cancels a planned restart, which could begin while the request waits for the keeper.
  #keepDown(state: InstanceState, by: RequestedBy): void {
    this.#endState = state
    if (this.#diedByItself) this.#tell(state, by, { detail: 'it had already ended' })
    this.#diedByItself = false
  }

  #resumed(by: InstanceEvent['by'], detail?: string): void {
    if (this.#run?.paused !== true) return
    this.#run.paused = false
    const state = this.#run.wasReady ? 'ready' : 'starting'
    this.#tell(state, by, { pid: this.#run.pid, ...(detail === undefined ? {} : { detail }) })
  }

  #tell(state: InstanceState, by: InstanceEvent['by'], more: Partial<InstanceEvent> = {}): void {
    this.#emit({ ...more, type: 'instance', instance: this.name, state, by })
  }
}

/** The value, or the other one if it is not known before the signal aborts. */
async function unlessLate<T>(
  value: Promise<T>,
  other: T,
  late: AbortSignal | undefined,
): Promise<T> {
  if (late === undefined) return await value
  value.catch(() => undefined)
  const { promise, resolve } = Promise.withResolvers<T>()
  late.addEventListener('abort', () => resolve(other), { once: true })
  return await Promise.race([value, promise])
}

async function linesOf(logFile: string): Promise<string[]> {
  try {
    return (await readFile(logFile, 'utf8')).trimEnd().split('\n')
  } catch {
    return []
  }
}
