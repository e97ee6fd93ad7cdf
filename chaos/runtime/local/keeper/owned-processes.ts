import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statSync, truncateSync } from 'node:fs'

import type { Clock } from '#chaos/lib/clock.ts'

import { startTicks } from './list-processes.ts'
import {
  instanceVariable,
  sandboxVariable,
  type KeeperReport,
  type SpawnRequest,
} from './messages.ts'
import { killTree, pauseTree, resumeTree, type TreeQuery } from './process-tree.ts'

interface Member {
  readonly child: ChildProcess
  readonly query: TreeQuery
  readonly logFile: string
  /** Resolves when the process has ended, its tree is gone and the end was reported. */
  readonly gone: Promise<void>
  /** Makes an end of the whole tree: once, whether somebody wants it or the root has died. */
  readonly end: () => Promise<void>
  lease?: AbortController
  /** Freezing and waking take turns: at once, each would undo what the other does, for ever. */
  turn: Promise<void>
}

/** The processes that the keeper has started and answers for. */
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
    if (this.#members.has(request.name)) throw new Error(`${request.name} runs already.`)
    const instance = `${request.name}@${this.#folder}`
    const log = openSync(request.logFile, 'a')
    const child = spawn(request.command, request.args, {
      cwd: request.cwd,
      env: {
        ...request.environment,
        [sandboxVariable]: this.#folder,
        [instanceVariable]: instance,
      },
      // A session of its own: the terminal's signals do not reach it, and its group is its tree.
      detached: true,
      stdio: ['ignore', log, log],
      ...(request.uid === undefined ? {} : { uid: request.uid }),
      ...(request.gid === undefined ? {} : { gid: request.gid }),
    })
    closeSync(log)
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error]
      throw new Error(`${request.name} could not be started: ${error.message}`)
    }
    const mark = {
      variable: `${instanceVariable}=${instance}`,
      ...(request.ownFolder === undefined ? {} : { folder: request.ownFolder }),
    }
    const startedTicks = startTicks(child.pid)
    const query: TreeQuery = {
      root: child.pid,
      mark,
      ...(startedTicks === undefined ? {} : { startedTicks }),
    }
    let ending: Promise<unknown> | undefined
    const end = async () => void (await (ending ??= killTree(query, this.#clock)))
    const gone = this.#watch(request.name, child.pid, child, end)
    const turn = Promise.resolve()
    this.#members.set(request.name, { child, query, logFile: request.logFile, end, gone, turn })
    return { pid: child.pid }
  }

  /** The signal goes to the root alone, which knows how to end its children; what is left after the grace is killed. */
  async stop(name: string, signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) return
    const grace = new AbortController()
    member.child.kill(signal)
    // After the signal: a frozen process must find it waiting when it wakes, and do nothing else before.
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
    if (member === undefined) throw new Error(`${name} does not run, so it cannot be paused.`)
    member.lease?.abort()
    const lease = new AbortController()
    member.lease = lease
    // The lease begins before the pause does: whatever goes wrong, it ends.
    void this.#endLease(name, leaseMs, lease.signal)
    await takeTurn(member, async () => await pauseTree(member.query, this.#clock))
  }

  async resume(name: string): Promise<void> {
    const member = this.#members.get(name)
    if (member === undefined) return
    member.lease?.abort()
    delete member.lease
    await takeTurn(member, async () => await resumeTree(member.query, this.#clock))
  }

  /** Kills everybody. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#members.keys()].map(async (name) => await this.kill(name)))
  }

  /** Empties logs that have grown too large. They are opened for appending, so their writers go on from the start. */
  trimLogs(bytesMax: number): void {
    for (const { logFile } of this.#members.values())
      if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > bytesMax)
        truncateSync(logFile)
  }

  async #endLease(name: string, leaseMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(leaseMs, signal)
    } catch {
      return // resumed or killed before
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
    // Children that outlive it would keep its ports and its data folder.
    try {
      await end()
    } catch {
      // The kernel does not let go of one of them. It is dead all the same, and the sandbox's end tries again.
    }
    this.#members.get(name)?.lease?.abort()
    this.#members.delete(name)
    this.#report({ report: 'exited', name, pid, code, signal })
  }
}

async function takeTurn(member: Member, act: () => Promise<unknown>): Promise<void> {
  const turn = member.turn.then(act, act)
  member.turn = turn.then(
    () => undefined,
    () => undefined,
  )
  await turn
}
