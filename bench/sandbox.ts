import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { FaultBody } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { median, percentile } from '#chaos/lib/percentile.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { type EventWaiter, openEventWaiter } from './lib/event-waiter.ts'
import { medianOf } from './lib/median-table.ts'
import type { FigureRow } from './lib/rounds.ts'

const roundsDefault = 5
const target = 'local'
const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const injections = 20
const latencyMs = 50
const requests = 40
const checked = { lab: 'dual-write', version: 'shop' } as const

/** How long a user of a sandbox waits, and how exact a latency is. */
export const sandboxBench: Bench = {
  name: 'sandbox',
  description:
    'time to ready, recovery of a crashed service, a lab check, accuracy and delay of a fault',
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

async function measureSandboxes(options: BenchOptions): Promise<readonly FigureRow[]> {
  const { rounds = roundsDefault, progress, signal } = options
  const rows: FigureRow[] = []
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
      await using stream = openEventWaiter(client)
      note('crashed service back, s', await restartSeconds(client, stream))
      note('from fault to event stream, p95 ms', await eventDelayMs(client, stream))
    }
    note(`latency of ${latencyMs} ms adds, ms`, await addedMs(client, signal))
    const checkFromMs = performance.now()
    const run = await awaitLabRun(client, checked, systemClock)
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

/** The time from a SIGKILL until the instance is ready again. It includes the supervisor's delay. */
async function restartSeconds(client: ApiClient, stream: EventWaiter): Promise<number> {
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

/** The time from the request that injects a fault until a reader of the event stream receives the event. */
async function eventDelayMs(client: ApiClient, stream: EventWaiter): Promise<number> {
  const delays: number[] = []
  for (let i = 0; i < injections; i++) {
    const injected = stream.next((event) => event.type === 'fault' && event.what === 'injected')
    const fromMs = performance.now()
    const response = client.inject(fault('client:api-1'))
    await injected
    delays.push(performance.now() - fromMs)
    await client.heal((await response).id)
  }
  return percentile(delays, 0.95)
}

/** The median round trip of `GET /health/live` with a latency on the client's link, minus the median without it. */
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
