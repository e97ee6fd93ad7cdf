import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statSync, truncateSync } from 'node:fs'

import pLimit from 'p-limit'
import type { LimitFunction } from 'p-limit'

import type { Clock } from '#chaos/lib/clock.ts'

import {
  instanceVariable,
  sandboxVariable,
  type KeeperReport,
  type SpawnRequest,
} from './keeper-requests.ts'
import { startTicks } from './list-processes.ts'
import { killTree, pauseTree, resumeTree, type ProcessTree } from './process-tree.ts'

interface Member {
  readonly child: ChildProcess
  readonly query: ProcessTree
  readonly logFile: string
  /** Resolves when the process has ended, its tree is gone and the end was reported. */
  readonly gone: Promise<void>
  /** Kills the whole tree once, on request or after the root has died. */
  readonly end: () => Promise<void>
  lease?: AbortController
  /** Pauses and resumes run one after the other: at the same time, each would reverse the other forever. */
  readonly queue: LimitFunction
}

/** The processes that the keeper has started and must end. */
export class OwnedProcesses {
  readonly #members = new Map<string, Member>()
  readonly #folder: string
  readonly #clock: Clock
  readonly #report: (report: KeeperReport) => void

  constructor(folder: string, clock: Clock, report: (report: KeeperReport) => void) {
    this.#folder = folder
    this.#clock = clock
    this.#report = report
  }

  async spawn(request: SpawnRequest): Promise<{ pid: number }> {
    if (this.#members.has(request.name)) throw new Error(`${request.name} is already running.`)
    const instance = `${request.name}@${this.#folder}`
    const log = openSync(request.logFile, 'a')
    const child = spawn(request.command, request.args, {
      cwd: request.cwd,
      env: {
        ...request.environment,
        [sandboxVariable]: this.#folder,
        [instanceVariable]: instance,
      },
      // Its own session: signals of the terminal do not reach it, and its group is its tree.
      detached: true,
      stdio: ['ignore', log, log],
      ...(request.uid === undefined ? {} : { uid: request.uid }),
      ...(request.gid === undefined ? {} : { gid: request.gid }),
    })
    closeSync(log)
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error]
      throw new Error(`${request.name} could not start: ${error.message}`)
    }
    const mark = {
      variable: `${instanceVariable}=${instance}`,
      ...(request.ownFolder === undefined ? {} : { folder: request.ownFolder }),
    }
    const startedTicks = startTicks(child.pid)
    const query: ProcessTree = {
      root: child.pid,
      mark,
      ...(startedTicks === undefined ? {} : { startedTicks }),
    }
    let ending: Promise<unknown> | undefined
    const end = async () => void (await (ending ??= killTree(query, this.#clock)))
    const gone = this.#watch(request.name, child.pid, child, end)
    const queue = pLimit(1)
    this.#members.set(request.name, { child, query, logFile: request.logFile, end, gone, queue })
    return { pid: child.pid }
  }

  /** Sends the signal to the root alone, which ends its children. After the grace period, kills what is left. */
  async stop(name: string, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) return
    const grace = new AbortController()
    member.child.kill(signal)
    // After the signal: a paused process must handle it first when it resumes.
    await this.resume(name)
    const graceOver = this.#clock.sleep(graceMs, grace.signal).then(
      () => true,
      () => false,
    )
    const late = await Promise.race([graceOver, member.gone.then(() => false)])
    grace.abort()
    if (late) await this.kill(name)
  }

  async kill(name: string): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) return
    member.lease?.abort()
    await member.end()
    await member.gone
  }

  async pause(name: string, leaseMs: number): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) throw new Error(`${name} is not running, so it cannot be paused.`)
    member.lease?.abort()
    const lease = new AbortController()
    member.lease = lease
    // The lease begins before the pause, so it ends even if the pause fails.
    void this.#endLease(name, leaseMs, lease.signal)
    await member.queue(() => pauseTree(member.query, this.#clock))
  }

  async resume(name: string): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) return
    member.lease?.abort()
    delete member.lease
    await member.queue(() => resumeTree(member.query, this.#clock))
  }

  /** Kills every process. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#members.keys()].map(async (name) => await this.kill(name)))
  }

  /** Empties logs that are too large. They are open for appending, so their writers continue at the start. */
  trimLogs(bytesMax: number): void {
    for (const { logFile } of this.#members.values())
      if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > bytesMax)
        truncateSync(logFile)
  }

  async #endLease(name: string, leaseMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(leaseMs, signal)
    } catch {
      return // resumed or killed
    }
    await this.resume(name)
    this.#report({ report: 'lease-ended', name })
  }

  async #watch(
    name: string,
    pid: number,
    child: ChildProcess,
    end: () => Promise<void>,
  ): Promise<void> {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    // Remaining children would keep its ports and its data folder.
    try {
      await end()
    } catch {
      // The kernel cannot end one of them yet. The root is dead anyway, and the end of the sandbox tries again.
    }
    this.#members.get(name)?.lease?.abort()
    this.#members.delete(name)
    this.#report({ report: 'exited', name, pid, code, signal })
  }
}
