import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

import type { ServiceName } from '#services/topology.ts'

export interface RunningService extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** All of its output, including standard error. */
  output(): string
  /** Sends the signal. Resolves to the exit code or signal when the process has ended. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

const projectRoot = path.join(import.meta.dirname, '../..')

/** Runs a service as a process, as in production. Resolves when it is ready. */
export async function startService(
  service: ServiceName,
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const { output, child, ended } = spawnService(service, environment)
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = /"port":(\d+),"msg":"ready"/.exec(output())
      if (line !== null) resolve(Number(line[1]))
    })
    const fail = (): void => reject(new Error(`${service} ended: ${output()}`))
    child.once('exit', fail)
  })
  const end = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals> => {
    child.kill(signal)
    return await ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    output,
    end,
    async [Symbol.asyncDispose]() {
      // Also resumes it: a stopped process cannot end.
      await end('SIGKILL')
    },
  }
}

/** Runs a service that will not start. Resolves to its output and its exit code. */
export async function runToItsEnd(
  service: ServiceName,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly output: string; readonly code: number | NodeJS.Signals }> {
  const { output, ended } = spawnService(service, environment)
  const code = await ended
  return { output: output(), code }
}

function spawnService(service: ServiceName, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [`services/${service}/main.ts`], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      NODE_NO_WARNINGS: '1',
      // Tests start services a hundred times, and most of a start is compiling.
      NODE_COMPILE_CACHE: path.join(projectRoot, 'node_modules/.cache/services'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
    })
  }
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  )
  return { child, ended, output: () => text }
}
