import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { startTicks } from '#chaos/runtime/local/keeper/list-processes.ts'

import { openInspectorSession } from './inspector-session.ts'

/** Where a Node process opens its inspector when it receives SIGUSR1. */
const usualInspector = 'http://127.0.0.1:9229/json/list'
const opensWithinMs = 5_000
const pollMs = 10
/** A collection takes less, also on a busy machine. */
const collectsWithinMs = 2_000
/**
 * From then on SIGUSR2 makes the process collect its garbage and write what is in use after it: the objects of JavaScript, and the
 * memory of buffers and libraries that belongs to them, in bytes. What V8 and the allocator keep for later is not in it. The first
 * SIGUSR2 only closes the inspector: Node can crash when it does so before the session has ended.
 */
const prepareFor = (folder: string): string => `(() => {
  process.getBuiltinModule('v8').setFlagsFromString('--expose-gc')
  const collect = process.getBuiltinModule('vm').runInNewContext('gc')
  const { renameSync, writeFileSync } = process.getBuiltinModule('fs')
  const path = ${JSON.stringify(folder)} + '/' + process.pid
  let isOpen = true
  process.on('SIGUSR2', () => {
    if (isOpen) {
      isOpen = false
      process._debugEnd()
      return
    }
    // The second one frees what the first one has found to be unreachable.
    collect()
    collect()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(path + '.new', String(heapUsed + external))
    renameSync(path + '.new', path)
  })
  return process.pid
})()`

/** Makes Node processes of this machine collect their garbage. Disposing it removes what they have written. */
export interface GarbageCollector extends Disposable {
  /** The megabytes in use after it. Undefined: it is not a Node process, it has ended, or it does not answer (it is paused). */
  collect(pid: number): Promise<number | undefined>
}

/**
 * Each process is prepared through its inspector once, one process at a time: all open it on the same port. It would not bear an
 * inspector that opens and closes for hours: Node can crash then.
 */
export function createGarbageCollector(clock: Clock): GarbageCollector {
  const prepared = new Map<number, number | undefined>()
  const folder = mkdtempSync(join(tmpdir(), 'unhappy-heap-'))
  return {
    collect: async (pid) => {
      try {
        if (basename(readlinkSync(`/proc/${pid}/exe`)) !== 'node') return undefined
        // Another process can have the number of one that has ended. The signal would end it.
        const ticks = startTicks(pid)
        if (!prepared.has(pid) || prepared.get(pid) !== ticks) {
          if (!(await prepareProcess(pid, { clock, folder }))) return undefined
          prepared.set(pid, ticks)
        }
        const path = join(folder, String(pid))
        rmSync(path, { force: true })
        process.kill(pid, 'SIGUSR2')
        const untilMs = clock.now() + collectsWithinMs
        while (!existsSync(path)) {
          if (clock.now() >= untilMs) return undefined
          await clock.sleep(pollMs)
        }
        return Number(readFileSync(path, 'utf8')) / 1e6
      } catch {
        // The process has ended.
        return undefined
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

interface PreparedWith {
  readonly clock: Clock
  readonly folder: string
}

async function prepareProcess(pid: number, parts: PreparedWith): Promise<boolean> {
  const { clock } = parts
  process.kill(pid, 'SIGUSR1')
  const untilMs = clock.now() + opensWithinMs
  while (clock.now() < untilMs) {
    const url = await usualUrl()
    if (url === undefined) await clock.sleep(pollMs)
    // Another one may answer: a process that was paused when it received the signal.
    else if ((await prepareAt(url, parts)) === pid) return true
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
async function prepareAt(
  url: string,
  { clock, folder }: PreparedWith,
): Promise<number | undefined> {
  const pid = await evaluate(url, prepareFor(folder))
  if (pid === undefined) return undefined
  process.kill(pid, 'SIGUSR2')
  while ((await usualUrl()) === url) await clock.sleep(pollMs)
  return pid
}

async function evaluate(url: string, expression: string): Promise<number | undefined> {
  await using session = await openInspectorSession(url)
  const { result } = await session.send('Runtime.evaluate', { expression })
  return result?.result?.value
}
