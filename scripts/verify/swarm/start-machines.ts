import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { ownName, removeLeftovers } from './remove-leftovers.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const engineWithinMs = 60_000
const around = ['--pid', '--mount', '--net', '--fork', '--kill-child', '--mount-proc']

/** Machines as namespaces of this one, with a Docker engine each: see machines.sh. They are numbered from 1. */
export interface Machines extends AsyncDisposable {
  /** A folder that all machines see under the same path. It is removed at the end. */
  readonly folder: string
  /** The address of one machine's engine, for `docker --host`. */
  hostOf(machine: number): string
  /** Runs the Docker CLI on one machine. Resolves with its output. */
  docker(machine: number, ...args: readonly string[]): Promise<string>
  /** Sends an HTTP request to port 80 of one machine. Rejects if it does not answer. */
  ask(machine: number, question: Question): Promise<Answer>
  /** Resolves when the engine of one machine answers. */
  start(machine: number): Promise<void>
  /** Ends everything that runs there with SIGKILL, and cuts its cable. */
  powerOff(machine: number): Promise<void>
}

export interface Question {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  readonly timeoutMs?: number
  /** Of an endless body: resolve with its first part. */
  readonly onlyBegin?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** Resolves when their network is there. The address of machine N is 192.0.2.1N. */
export async function startMachines(count: number, signal: AbortSignal): Promise<Machines> {
  await removeLeftovers()
  const folder = join(tmpdir(), ownName)
  for (let i = 1; i <= count; i++)
    await mkdir(join(folder, `machine-${i}`, 'data'), { recursive: true })
  const script = fileURLToPath(new URL('machines.sh', import.meta.url))
  const relay = fileURLToPath(new URL('relay-ports.ts', import.meta.url))
  const namespaces = spawn(
    'unshare',
    [...around, 'bash', script, folder, ownName, String(count), process.execPath, relay],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(namespaces, 'exit')
  const replies = createInterface({ input: namespaces.stdout })
  const hostOf = (machine: number): string =>
    `unix://${join(folder, `machine-${machine}`, 'docker.sock')}`
  const command = async (line: string): Promise<void> => {
    namespaces.stdin.write(`${line}\n`)
    await once(replies, 'line', { signal })
  }
  const machines: Machines = {
    folder,
    hostOf,
    docker: async (machine, ...args) => {
      const options = { signal, maxBuffer: 64 * 1024 * 1024 }
      return (await run('docker', ['--host', hostOf(machine), ...args], options)).stdout.trim()
    },
    ask: async (machine, question) =>
      await ask(join(folder, `machine-${machine}`, 'http.sock'), question),
    start: async (machine) => {
      await command(`start ${machine}`)
      await engineOf(machines, machine, signal)
    },
    powerOff: async (machine) => await command(`power_off ${machine}`),
    [Symbol.asyncDispose]: async () => {
      // The end of its input ends it, and the kernel ends everything in its namespaces.
      namespaces.stdin.end()
      await ended
      await removeLeftovers()
    },
  }
  return machines
}

async function engineOf(machines: Machines, machine: number, signal: AbortSignal): Promise<void> {
  const log = join(machines.folder, `machine-${machine}`, 'engine.log')
  await until(
    async () => await machines.docker(machine, 'version').then(Boolean, () => false),
    engineWithinMs,
    signal,
  ).catch(async () => {
    const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3)
    throw new Error(`The engine of machine ${machine} does not answer: ${lines.join(' | ')}`)
  })
}

async function ask(
  socketPath: string,
  { method = 'GET', path, headers = {}, body, timeoutMs = 10_000, onlyBegin = false }: Question,
): Promise<Answer> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const asked = request({
    socketPath,
    method,
    path,
    headers: { ...json, ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  })
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const read = onlyBegin ? String((await once(answer, 'data'))[0]) : await text(answer)
  if (onlyBegin) asked.destroy()
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: read }
}
