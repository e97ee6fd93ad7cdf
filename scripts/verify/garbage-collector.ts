import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { startTicks } from '#chaos/runtime/local/keeper/list-processes.ts'

import { openInspectorSession } from './inspector-session.ts'

/** Where a Node process opens its inspector when it receives SIGUSR1. */
const usualInspector = 'http://127.0.0.1:9229/json/list'
const opensWithinMs = 5_000
const pollMs = 10
/** A collection takes less. */
const collectsWithinMs = 200
/** From then on SIGUSR2 makes the process collect its garbage. */
const prepare = `(() => {
  process.getBuiltinModule('v8').setFlagsFromString('--expose-gc')
  const collect = process.getBuiltinModule('vm').runInNewContext('gc')
  process.on('SIGUSR2', () => collect())
  setImmediate(() => process._debugEnd())
  return process.pid
})()`

/** Makes Node processes of this machine collect their garbage. */
export interface GarbageCollector {
  /** False: it is not a Node process, it has ended, or it does not answer (it is paused). */
  collect(pid: number): Promise<boolean>
}

/**
 * Each process is prepared through its inspector once, one process at a time: all open it on the same port. It would not bear an
 * inspector that opens and closes for hours: Node can crash then.
 */
export function createGarbageCollector(clock: Clock): GarbageCollector {
  const prepared = new Map<number, number | undefined>()
  return {
    collect: async (pid) => {
      try {
        if (basename(readlinkSync(`/proc/${pid}/exe`)) !== 'node') return false
        // Another process can have the number of one that has ended. The signal would end it.
        const ticks = startTicks(pid)
        if (!prepared.has(pid) || prepared.get(pid) !== ticks) {
          if (!(await prepareProcess(pid, clock))) return false
          prepared.set(pid, ticks)
        }
        process.kill(pid, 'SIGUSR2')
        await clock.sleep(collectsWithinMs)
        return true
      } catch {
        // The process has ended.
        return false
      }
    },
  }
}

async function prepareProcess(pid: number, clock: Clock): Promise<boolean> {
  process.kill(pid, 'SIGUSR1')
  const untilMs = clock.now() + opensWithinMs
  while (clock.now() < untilMs) {
    const url = await usualUrl()
    if (url === undefined) await clock.sleep(pollMs)
    // Another one may answer: a process that was paused when it received the signal.
    else if ((await prepareAt(url, clock)) === pid) return true
  }
  return false
}

/** The process that has the usual inspector; undefined: none has it. */
async function usualUrl(): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(opensWithinMs)
    const list = await (await fetch(usualInspector, { signal })).json()
    return (list as { webSocketDebuggerUrl?: string }[])[0]?.webSocketDebuggerUrl
  } catch {
    return undefined
  }
}

/** Resolves to the pid when the inspector is closed. */
async function prepareAt(url: string, clock: Clock): Promise<number | undefined> {
  using session = await openInspectorSession(url)
  const { result } = await session.send('Runtime.evaluate', { expression: prepare })
  session[Symbol.dispose]()
  while ((await usualUrl()) === url) await clock.sleep(pollMs)
  return result?.result?.value
}
