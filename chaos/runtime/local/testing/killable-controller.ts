import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { expect, vi } from 'vitest'

import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { leftoversOf, pidsOf } from './leftovers.ts'

const goneAfterMs = 10_000
/** Options of `vi.waitFor` for the end of a sandbox. */
export const patience = { timeout: goneAfterMs, interval: 100 }

const program = fileURLToPath(new URL('controller.ts', import.meta.url))

/** A controller in a process of its own, with a real sandbox of minimal services. */
export interface KillableController extends AsyncDisposable {
  readonly process: ChildProcess
  readonly slot: number
  /** Waits for a line of its output. */
  says(pattern: RegExp): Promise<RegExpExecArray | undefined>
  /** Of `controller`, `keeper`, `watchdog`, or an instance. Rejects if it has no process. */
  pidOf(name: string): Promise<number>
  ended(): Promise<void>
  leftovers(): Promise<string[]>
  /** Sends SIGINT to its whole process group, as a terminal does. */
  interrupt(): void
}

export function startController(): KillableController {
  // Far from the slots that users and the other tests choose.
  const slot = 2 * createRandom(freshSeed()).integer(15, 34)
  const child = spawn(process.execPath, [program, String(slot)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const leftovers = async () => await leftoversOf(slot, child.pid ?? -1)
  return {
    process: child,
    slot,
    leftovers,
    pidOf: async (name) => {
      const pids = await pidsOf(slot, child.pid ?? -1)
      const pid = name === 'controller' ? child.pid : pids.get(name)
      if (pid === undefined) throw new Error(`${name} has no process`)
      return pid
    },
    says: async (pattern) =>
      await vi.waitFor(
        () => {
          const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
          if (match === undefined) throw new Error(`No line ${pattern} in: ${lines.join('\n')}`)
          return match
        },
        { timeout: 15_000 },
      ),
    ended: async () =>
      await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), {
        timeout: goneAfterMs,
      }),
    interrupt: () => void process.kill(-(child.pid ?? Number.NaN), 'SIGINT'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await vi.waitFor(async () => expect(await leftovers()).toEqual([]), patience)
    },
  }
}

/** SIGKILL to all of them at the same moment. */
export async function killAll(
  controller: KillableController,
  names: readonly string[],
): Promise<void> {
  // All pids first: the kills must come at the same moment.
  const pids = await Promise.all(names.map(async (name) => await controller.pidOf(name)))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}
