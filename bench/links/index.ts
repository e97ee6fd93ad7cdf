import { InputError } from '#chaos/lib/errors.ts'

import type { Bench, BenchOptions } from '../lib/bench.ts'
import { findProgram, firstLine, freePort, startProcess } from '../lib/process.ts'
import { type FigureRow, runRounds } from '../lib/rounds.ts'
import { linkGoals } from './goals.ts'
import {
  bulkMeasures,
  idleMeasure,
  iperfMeasures,
  latencyMeasures,
  redisMeasures,
} from './measures.ts'
import { reachable, type LinkTarget, linkTargetKinds, type Upstreams } from './targets.ts'

const roundsDefault = 10

/** Compares the project's links with a direct connection, HAProxy and the official Toxiproxy, in alternation. */
export const linksBench: Bench = {
  name: 'links',
  description:
    'a link compared with a direct connection, HAProxy and Toxiproxy: requests, bulk, connections, memory, latency',
  base: 'direct',
  goals: linkGoals,
  measure: measureLinks,
}

async function measureLinks(options: BenchOptions): Promise<readonly FigureRow[]> {
  const { progress } = options
  await using owned = new AsyncDisposableStack()
  const upstreams = await startUpstreams(owned, progress)
  const kinds = linkTargetKinds.filter(({ name }) => wanted(name, options.targets))
  const targets: LinkTarget[] = []
  for (const kind of kinds) {
    const target = await kind.start(upstreams)
    if (target === undefined) progress(`without ${kind.name}: ${kind.why}`)
    else targets.push(owned.use(target))
  }
  const fresh = async (name: string): Promise<LinkTarget | undefined> =>
    linkTargetKinds.find((kind) => kind.name === name)?.start(upstreams)
  const redis = upstreams['redis'] === undefined ? [] : await redisMeasures()
  const iperf = upstreams['iperf'] === undefined ? [] : await iperfMeasures()
  const measures = [
    ...redis,
    ...bulkMeasures,
    ...iperf,
    idleMeasure(fresh),
    ...latencyMeasures,
  ].filter(({ name }) => wanted(name, options.only))
  if (measures.length === 0)
    throw new InputError(`--only ${options.only.join(',')} matches no measurement.`, {
      remedy: 'Use a part of a name, for example --only redis.',
    })
  return await runRounds({
    targets,
    measures,
    rounds: options.rounds ?? roundsDefault,
    nameOf: ({ name }) => name,
    progress,
  })
}

function wanted(name: string, words: readonly string[]): boolean {
  return words.length === 0 || words.some((word) => name.includes(word))
}

async function startUpstreams(
  owned: AsyncDisposableStack,
  progress: (text: string) => void,
): Promise<Upstreams> {
  const servers = owned.use(
    startProcess(process.execPath, [new URL('load/servers.ts', import.meta.url).pathname]),
  )
  const ports = JSON.parse(await firstLine(servers)) as Record<string, number>
  return {
    ...ports,
    ...(await startRedis(owned, progress)),
    ...(await startIperf(owned, progress)),
  }
}

async function startRedis(
  owned: AsyncDisposableStack,
  progress: (text: string) => void,
): Promise<Upstreams> {
  const redis = await findProgram('redis-server', 'valkey-server')
  if (redis === undefined) {
    progress('without redis: neither redis-server nor valkey-server is in PATH')
    return {}
  }
  const port = await freePort()
  const forgetful = ['--save', '', '--appendonly', 'no']
  owned.use(startProcess(redis, ['--port', String(port), '--bind', '127.0.0.1', ...forgetful]))
  await reachable(port)
  return { redis: port }
}

async function startIperf(
  owned: AsyncDisposableStack,
  progress: (text: string) => void,
): Promise<Upstreams> {
  const iperf = await findProgram('iperf3')
  if (iperf === undefined) {
    progress('without iperf3: it is not in PATH (Debian: apt install iperf3)')
    return {}
  }
  const port = await freePort()
  owned.use(startProcess(iperf, ['--server', '--bind', '127.0.0.1', '--port', String(port)]))
  await reachable(port)
  return { iperf: port }
}
