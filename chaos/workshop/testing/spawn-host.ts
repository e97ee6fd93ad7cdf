import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface SpawnedHost extends AsyncDisposable {
  readonly url: string
  readonly code: string
  readonly instructorToken: string
  /** Bytes, after a garbage collection. */
  memory(): Promise<{ readonly rss: number; readonly heapUsed: number }>
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
}

/** A host as a process of its own. Disposing kills it. Rejects if it does not start. */
export async function spawnHost(folder: string, port = 0): Promise<SpawnedHost> {
  const script = fileURLToPath(new URL('host-process.ts', import.meta.url))
  const args = [
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
    script,
    folder,
    String(port),
  ]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('The host has ended.')
    return JSON.parse(value) as T
  }
  const kill = async (): Promise<void> => endOf(child)
  const started = await nextLine<{ url: string; code: string; instructorUrl: string }>()
  return {
    url: started.url,
    code: started.code,
    instructorToken: started.instructorUrl.split('#token=')[1] ?? '',
    memory: async () => {
      child.stdin.write('?\n')
      return await nextLine()
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
