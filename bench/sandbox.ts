import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { runVersion } from '#chaos/cli/lab/run-version.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { FaultBody } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { type EventStream, openEventStream } from './lib/event-stream.ts'
import { medianOf } from './lib/report.ts'
import type { Row } from './lib/rounds.ts'
import { median, quantile } from './lib/statistics.ts'

const roundsDefault = 5
const target = 'local'
const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const injections = 20
const latencyMs = 50
const requests = 40
const checked = { lab: 'dual-write', version: 'shop' } as const

/** What somebody waits for who works with a sandbox. */
export const sandboxBench: Bench = {
  name: 'sandbox',
  description:
    'time to ready, a crashed service back, a lab check, how exact and how soon a fault is',
  base: target,
  goals: [
    { text: 'ready, s', value: (rows) => medianOf(rows, 'ready, s', target), atMost: 5 },
    { text: 'lab check, s', value: (rows) => medianOf(rows, 'lab check, s', target), atMost: 20 },
    {
      text: 'from fault to event stream, p95 ms',
      value: (rows) => medianOf(rows, 'from fault to event stream, p95 ms', target),
      atMost: 200,
    },
    {
      text: `a latency of ${latencyMs} ms adds, ms: at least`,
      value: (rows) => medianOf(rows, `latency of ${latencyMs} ms adds, ms`, target),
      atLeast: latencyMs,
    },
    {
      text: `a latency of ${latencyMs} ms adds, ms: at most`,
      value: (rows) => medianOf(rows, `latency of ${latencyMs} ms adds, ms`, target),
      atMost: latencyMs + 5,
    },
  ],
  measure: measureSandboxes,
}

async function measureSandboxes(options: BenchOptions): Promise<readonly Row[]> {
  const { rounds = roundsDefault, progress, signal } = options
  const rows: Row[] = []
  for (let round = 1; round <= rounds; round++) {
    const note = (figure: string, value: number): void => {
      progress(`round ${round}/${rounds} ${figure}: ${value.toFixed(2)}`)
      rows.push({ round, figure, target, value })
    }
    const fromMs = performance.now()
    await using sandbox = await launchSandbox(
      { home, slot: undefined, clock: systemClock, signal },
      { ephemeral: true, detached: false, onProgress: () => undefined },
    )
    note('ready, s', secondsSince(fromMs))
    const { client } = sandbox
    {
      await using stream = openEventStream(client)
      note('crashed service back, s', await restartSeconds(client, stream))
      note('from fault to event stream, p95 ms', await eventDelayMs(client, stream))
    }
    note(`latency of ${latencyMs} ms adds, ms`, await addedMs(client, signal))
    const checkFromMs = performance.now()
    const run = await runVersion(client, checked, systemClock)
    if (run.outcome !== 'held') throw new Error(`${checked.lab}: ${run.headline ?? run.state}`)
    note('lab check, s', secondsSince(checkFromMs))
    const stopFromMs = performance.now()
    await sandbox[Symbol.asyncDispose]()
    note('down, s', secondsSince(stopFromMs))
  }
  return rows
}

function secondsSince(fromMs: number): number {
  return (performance.now() - fromMs) / 1_000
}

/** From a SIGKILL until the instance is ready again: the supervisor's delay is in it. */
async function restartSeconds(client: ApiClient, stream: EventStream): Promise<number> {
  const back = stream.next((event) => isBack(event, 'worker-1'))
  const fromMs = performance.now()
  await client.inject({
    kind: 'crash',
    target: 'worker-1',
    params: { downFor: '1ms' },
  })
  await back
  return secondsSince(fromMs)
}

function isBack(event: SandboxEvent, name: string): boolean {
  return event.type === 'instance' && event.instance === name && event.state === 'ready'
}

/** From the request that injects a fault until a reader of the event stream, such as the dashboard, has it. */
async function eventDelayMs(client: ApiClient, stream: EventStream): Promise<number> {
  const delays: number[] = []
  for (let i = 0; i < injections; i++) {
    const told = stream.next((event) => event.type === 'fault' && event.what === 'injected')
    const fromMs = performance.now()
    const asked = client.inject(fault('client:api-1'))
    await told
    delays.push(performance.now() - fromMs)
    await client.heal((await asked).id)
  }
  return quantile(delays, 0.95)
}

/** Median round trip of `GET /health/live` with a latency on the customers' link, less the one without. */
async function addedMs(client: ApiClient, signal: AbortSignal): Promise<number> {
  const { urls } = await client.sandbox()
  const url = new URL('/health/live', urls.shop[0])
  const plain = await roundTripMs(url, signal)
  const { id } = await client.inject(fault('client:api-1'))
  const slow = await roundTripMs(url, signal)
  await client.heal(id)
  return slow - plain
}

function fault(link: string): FaultBody {
  return { kind: 'latency', target: link, params: { latencyMs } }
}

async function roundTripMs(url: URL, signal: AbortSignal): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < requests; i++) {
    const fromMs = performance.now()
    await (await fetch(url, { signal })).arrayBuffer()
    times.push(performance.now() - fromMs)
  }
  return median(times)
}
