import { ChildProcess } from 'node:child_process'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type * as workerThreads from 'node:worker_threads'

/** Threads and child processes of this process. */
export interface Helpers {
  readonly started: number
  readonly running: number
}

/** Counts every thread and child process that code starts from now on. Call it before the code is loaded. */
export function countHelpers(): Helpers {
  const running = new Set<object>()
  let started = 0
  const begin = (helper: { once(event: 'exit', listener: () => void): unknown }): void => {
    started += 1
    running.add(helper)
    helper.once('exit', () => running.delete(helper))
  }
  const threads = createRequire(import.meta.url)('node:worker_threads') as {
    Worker: typeof workerThreads.Worker
  }
  threads.Worker = class Worker extends threads.Worker {
    constructor(...given: ConstructorParameters<typeof workerThreads.Worker>) {
      super(...given)
      begin(this)
    }
  }
  const prototype = ChildProcess.prototype as unknown as Spawner
  const { spawn } = prototype
  prototype.spawn = function countedSpawn(...given) {
    const result = spawn.apply(this, given)
    if (this.pid !== undefined) begin(this)
    return result
  }
  syncBuiltinESMExports()
  return {
    get started() {
      return started
    },
    get running() {
      return running.size
    },
  }
}

/** Every function of `node:child_process` calls it. */
interface Spawner extends ChildProcess {
  spawn: (...given: unknown[]) => unknown
}
