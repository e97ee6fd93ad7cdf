import { percentile } from '#chaos/lib/percentile.ts'

import {
  cpuSeconds,
  findProgram,
  firstLine,
  residentBytes,
  runProcess,
  startProcess,
} from '../lib/process.ts'
import type { Measure } from '../lib/rounds.ts'
import type { LinkTarget } from './targets.ts'

const load = (file: string): string => new URL(`load/${file}`, import.meta.url).pathname

interface RedisLoad {
  readonly name: string
  readonly clients: number
  readonly pipeline: number
  readonly requests: number
}

const redisLoads: readonly RedisLoad[] = [
  { name: 'redis -c1 -P1', clients: 1, pipeline: 1, requests: 10_000 },
  { name: 'redis -c1 -P16', clients: 1, pipeline: 16, requests: 150_000 },
  { name: 'redis -c50 -P1', clients: 50, pipeline: 1, requests: 60_000 },
  { name: 'redis -c50 -P16', clients: 50, pipeline: 16, requests: 600_000 },
]

/** SET and GET by redis-benchmark: requests per second, and the target's CPU time for each. */
export async function redisMeasures(): Promise<Measure<LinkTarget>[]> {
  const program = await findProgram('redis-benchmark', 'valkey-benchmark')
  if (program === undefined) return []
  const requests = redisLoads.map(({ name, clients, pipeline, requests }) => ({
    name,
    measure: async (target: LinkTarget) => {
      const args = ['-c', clients, '-P', pipeline, '-n', requests, '-t', 'set,get', '--csv']
      const { value, cpu } = await withCpu(target, () => redisBenchmark(program, target, args))
      return { [`${name}, req/s`]: value, ...perUnit(`${name}, CPU us/req`, cpu, 2 * requests) }
    },
  }))
  const connections = 6_000
  const churn: Measure<LinkTarget> = {
    name: 'connections',
    measure: async (target) => {
      const args = ['-c', 50, '-k', 0, '-n', connections, '-t', 'ping_mbulk', '--csv']
      const { value, cpu } = await withCpu(target, () => redisBenchmark(program, target, args))
      return { 'connections/s': value, ...perUnit('connections, CPU us each', cpu, connections) }
    },
  }
  return [...requests, churn]
}

async function redisBenchmark(
  program: string,
  target: LinkTarget,
  args: readonly (string | number)[],
): Promise<number> {
  const output = await runProcess(program, [
    '-p',
    String(target.port('redis')),
    ...args.map(String),
  ])
  const rates = [...output.matchAll(/^"[A-Z_]+[^"]*","([\d.]+)"/gm)].map((match) =>
    Number(match[1]),
  )
  if (rates.length === 0) throw new Error(`redis-benchmark printed: ${output}`)
  return rates.reduce((product, rate) => product * rate, 1) ** (1 / rates.length)
}

/** One stream up, one down, four up: bytes per second, and CPU seconds per gigabyte. */
export const bulkMeasures: readonly Measure<LinkTarget>[] = [
  { name: 'bulk up', direction: 'up', streams: 1 },
  { name: 'bulk down', direction: 'down', streams: 1 },
  { name: 'bulk up x4', direction: 'up', streams: 4 },
].map(({ name, direction, streams }) => ({
  name,
  measure: async (target) => {
    const port = target.port(direction === 'up' ? 'sink' : 'source')
    const ms = 1_000
    const args = [load('bulk.ts'), direction, String(port), String(ms), String(streams)]
    const { value, cpu } = await withCpu(target, async () =>
      Number(await runProcess(process.execPath, args)),
    )
    const gigabytes = (value * ms) / 1e12
    return {
      [`${name}, MB/s`]: value / 1e6,
      ...(Number.isNaN(cpu) ? {} : { [`${name}, CPU s/GB`]: cpu / gigabytes }),
    }
  },
}))

/** The same by iperf3. It is written in C and leaves more CPU time to the target. */
export async function iperfMeasures(): Promise<Measure<LinkTarget>[]> {
  const program = await findProgram('iperf3')
  if (program === undefined) return []
  return [
    { name: 'iperf3 up', flags: [] },
    { name: 'iperf3 down', flags: ['--reverse'] },
    { name: 'iperf3 up x4', flags: ['--parallel', '4'] },
  ].map(({ name, flags }) => ({
    name,
    measure: async (target) => {
      const seconds = 1
      const args = ['-c', '127.0.0.1', '-p', String(target.port('iperf')), '-t', String(seconds)]
      const { value, cpu } = await withCpu(
        target,
        async () =>
          JSON.parse(await runProcess(program, [...args, ...flags, '--json'])) as IperfReport,
      )
      const { bytes, bits_per_second: bits } = value.end.sum_received
      return {
        [`${name}, MB/s`]: bits / 8e6,
        ...(Number.isNaN(cpu) ? {} : { [`${name}, CPU s/GB`]: (cpu / bytes) * 1e9 }),
      }
    },
  }))
}

interface IperfReport {
  readonly end: {
    readonly sum_received: { readonly bytes: number; readonly bits_per_second: number }
  }
}

/** Memory of 1,000 connections that have sent one byte each. It is measured on a fresh process. */
export function idleMeasure(
  fresh: (name: string) => Promise<LinkTarget | undefined>,
): Measure<LinkTarget> {
  const count = 1_000
  return {
    name: 'idle',
    roundsMax: 3,
    on: ({ pid }) => pid !== undefined,
    measure: async ({ name }) => {
      await using target = await fresh(name)
      if (target?.pid === undefined) return {}
      // The memory of the process still grows shortly after its ports are open.
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      const before = await residentBytes(target.pid)
      await using idle = startProcess(process.execPath, [
        load('idle.ts'),
        String(target.port('echo')),
        String(count),
      ])
      await firstLine(idle)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const after = await residentBytes(target.pid)
      return { 'idle, kB per connection': (after - before) / 1_024 / count }
    },
  }
}

interface LatencyLoad {
  readonly name: string
  readonly latencyMs: number
  readonly connections: number
  readonly messages: number
  readonly spacingMs: number
}

const latencyLoads: readonly LatencyLoad[] = [
  { name: '100 ms at 500/s', latencyMs: 100, connections: 1, messages: 2_000, spacingMs: 2 },
  { name: '5 ms at 500/s', latencyMs: 5, connections: 1, messages: 2_000, spacingMs: 2 },
  {
    name: '20 ms, 200 connections',
    latencyMs: 20,
    connections: 200,
    messages: 4_000,
    spacingMs: 0.5,
  },
]

/** How late a message with a latency toxic is, beyond the latency and the round trip without it. */
export const latencyMeasures: readonly Measure<LinkTarget>[] = latencyLoads.map((latencyLoad) => ({
  name: `latency ${latencyLoad.name}`,
  roundsMax: 5,
  on: ({ api }) => api !== undefined,
  measure: async (target) => {
    const plain = percentile(await roundTrips(target, latencyLoad), 0.5)
    const toxic = { name: 'bench', type: 'latency', attributes: { latency: latencyLoad.latencyMs } }
    await call(target, 'POST', '/proxies/echo/toxics', toxic)
    try {
      const { value, cpu } = await withCpu(target, () => roundTrips(target, latencyLoad))
      const errors = value.map((ms) => ms - latencyLoad.latencyMs - plain)
      const seconds = (latencyLoad.messages * latencyLoad.spacingMs + latencyLoad.latencyMs) / 1_000
      return {
        // Compared with the latency alone: no message may arrive earlier.
        [`latency ${latencyLoad.name}, earliest, ms`]: Math.min(...value) - latencyLoad.latencyMs,
        [`latency ${latencyLoad.name}, error p50, ms`]: percentile(errors, 0.5),
        [`latency ${latencyLoad.name}, error p90, ms`]: percentile(errors, 0.9),
        [`latency ${latencyLoad.name}, error p99, ms`]: percentile(errors, 0.99),
        ...(Number.isNaN(cpu) ? {} : { [`latency ${latencyLoad.name}, cores`]: cpu / seconds }),
      }
    } finally {
      await call(target, 'DELETE', '/proxies/echo/toxics/bench')
    }
  },
}))

async function roundTrips(target: LinkTarget, latencyLoad: LatencyLoad): Promise<number[]> {
  const { connections, messages, spacingMs } = latencyLoad
  const args = [target.port('echo'), connections, messages, spacingMs].map(String)
  return JSON.parse(await runProcess(process.execPath, [load('latency.ts'), ...args])) as number[]
}

async function call(
  { api }: LinkTarget,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  const response = await fetch(`${api}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
}

/** Runs `work`; also returns the CPU seconds that the target used meanwhile. */
async function withCpu<T>(
  { pid }: LinkTarget,
  work: () => Promise<T>,
): Promise<{ value: T; cpu: number }> {
  const before = pid === undefined ? NaN : await cpuSeconds(pid)
  const value = await work()
  const after = pid === undefined ? NaN : await cpuSeconds(pid)
  return { value, cpu: after - before }
}

function perUnit(figure: string, cpu: number, units: number): Record<string, number> {
  return Number.isNaN(cpu) ? {} : { [figure]: (cpu / units) * 1e6 }
}
