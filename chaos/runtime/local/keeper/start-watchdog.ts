import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import type { Clock } from '#chaos/lib/clock.ts'

import type { WatchdogTask } from './watchdog.ts'

export interface Watchdog {
  /** Ends it without a clean-up. */
  end(): Promise<void>
}

/** A watchdog that cannot run must not use the machine. */
const restartAfterMs = 1_000

/**
 * Starts the watchdog of this process, and another one when it dies. The task is in the channel when this returns, so it
 * counts even if this process is killed before the watchdog runs.
 */
export function startWatchdog(task: WatchdogTask, clock: Clock): Watchdog {
  let ending = false
  let child = start()

  function start(): ChildProcess {
    // Its argument only identifies it in ps.
    const started = fork(new URL('watchdog.ts', import.meta.url), [String(task.controllerPid)], {
      detached: true,
      env: {},
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const again = async (): Promise<void> => {
      await clock.sleep(restartAfterMs)
      if (!ending) child = start()
    }
    // Without `exit`: the process could not be created.
    started.once('error', () => started.pid === undefined && void again())
    started.once('exit', () => void again())
    started.send(task, () => undefined)
    return started
  }

  return {
    end: async () => {
      ending = true
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
