import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { InputError } from '#chaos/lib/errors.ts'
import { median } from '#chaos/lib/percentile.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { ratioOf } from './lib/median-table.ts'
import { findProgram, firstLine, freePort, runProcess, startProcess } from './lib/process.ts'
import { type Measure, type FigureRow, runRounds } from './lib/rounds.ts'

const roundsDefault = 10
/** A trap on another exchange may make a round trip longer by at most this factor. */
const mostAtTrap = 1.2
const leaseMs = 600_000
const redisClients = [1, 50] as const
const postgresClients = [1, 10] as const
const redisFigure = (clients: number): string => `GET, ${clients} clients, us`
const postgresFigure = (clients: number): string => `SELECT, ${clients} clients, median us`
const figures = [...redisClients.map(redisFigure), ...postgresClients.map(postgresFigure)]

interface TrapTarget {
  readonly name: 'no trap' | 'trap'
  readonly ports: Readonly<Record<'redis' | 'postgres', number>>
}

/** What a trap costs the exchanges that do not match it. */
export const trapsBench: Bench = {
  name: 'traps',
  description:
    'round trips on a link with a trap on another exchange, compared with the same link without a trap',
  base: 'no trap',
  goals: figures.map((figure) => ({
    text: `${figure}, trap : no trap`,
    value: (rows) => ratioOf(rows, figure, 'trap', 'no trap'),
    atMost: mostAtTrap,
  })),
  measure: measureTraps,
}

async function measureTraps(options: BenchOptions): Promise<readonly FigureRow[]> {
  await using stores = await startTestStores()
  const upstreams = {
    redis: Number(new URL(stores.redisUrl).port),
    postgres: Number(new URL(stores.databaseUrl).port),
  }
  await using links = await startLinks(upstreams)
  const control = createLinkControl(links.url)
  for (const [link, exchange] of Object.entries({ redis: 'FLUSHALL', postgres: 'DROP*' }))
    await control.armTrap({
      id: `bench-${link}`,
      links: [`${link} trap`],
      exchange,
      nth: 1,
      phase: 'before',
      // oxlint-disable-next-line unicorn/no-thenable -- a field of the contract
      then: { do: 'deliver' },
      expiresInMs: leaseMs,
    })
  const rows = await runRounds({
    targets: links.targets,
    measures: await measuresFor(stores.databaseUrl),
    rounds: options.rounds ?? roundsDefault,
    nameOf: ({ name }) => name,
    progress: options.progress,
  })
  const sprung = (await control.listTraps()).filter(({ state }) => state !== 'armed')
  if (sprung.length > 0) throw new Error(`${sprung[0]?.order.id} did not stay armed`)
  return rows
}

async function measuresFor(databaseUrl: string): Promise<Measure<TrapTarget>[]> {
  const redis = await findProgram('redis-benchmark', 'valkey-benchmark')
  const pgbench = await findProgram('pgbench')
  if (redis === undefined && pgbench === undefined)
    throw new InputError('Neither redis-benchmark nor pgbench is in PATH.', {
      remedy: 'Debian: apt install redis-tools postgresql-contrib',
    })
  if (pgbench !== undefined)
    await runProcess(pgbench, ['--initialize', '--init-steps=dtGvp', '--quiet', databaseUrl])
  return [
    ...(redis === undefined ? [] : redisClients.map((clients) => redisMeasure(redis, clients))),
    ...(pgbench === undefined
      ? []
      : postgresClients.map((clients) => postgresMeasure(pgbench, clients, databaseUrl))),
  ]
}

/** The mean: redis-benchmark rounds its median to 8 us, which is too coarse here. */
function redisMeasure(program: string, clients: number): Measure<TrapTarget> {
  const requests = clients === 1 ? 20_000 : 60_000
  return {
    name: `redis -c${clients}`,
    measure: async ({ ports }) => {
      const args = ['-p', ports.redis, '-c', clients, '-n', requests, '-t', 'get', '--csv']
      const output = await runProcess(program, args.map(String))
      const rate = Number(/^"GET","([\d.]+)"/m.exec(output)?.[1] ?? NaN)
      return { [redisFigure(clients)]: (clients * 1e6) / rate }
    },
  }
}

/** Each transaction is one SELECT. pgbench logs the duration of each. */
function postgresMeasure(program: string, clients: number, url: string): Measure<TrapTarget> {
  const transactions = 4_000 / clients
  return {
    name: `pgbench -c${clients}`,
    measure: async ({ ports }) => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-pgbench-'))
      try {
        const through = new URL(url)
        through.port = String(ports.postgres)
        const load = ['-S', '-n', '-c', clients, '-t', transactions, '-M', 'extended']
        const log = ['--log', '--log-prefix', join(folder, 'log')]
        await runProcess(program, [...load.map(String), ...log, through.href])
        const texts = await Promise.all(
          (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
        )
        const times = texts.flatMap((text) => text.trim().split('\n').map(microsecondsOf))
        return { [postgresFigure(clients)]: median(times) }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** A line of pgbench's log: client, transaction, duration in us, script, time. */
function microsecondsOf(line: string): number {
  return Number(line.split(' ')[2])
}

interface BenchLinks extends AsyncDisposable {
  readonly url: string
  readonly targets: readonly TrapTarget[]
}

/** Two links to each store in one data plane, so both have the same conditions. */
async function startLinks(upstreams: TrapTarget['ports']): Promise<BenchLinks> {
  await using owned = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'bench-traps-'))
  owned.defer(() => rm(folder, { recursive: true, force: true }))
  const targets: TrapTarget[] = []
  for (const name of ['no trap', 'trap'] as const)
    targets.push({ name, ports: { redis: await freePort(), postgres: await freePort() } })
  const proxies = targets.flatMap(({ name, ports }) =>
    (['redis', 'postgres'] as const).map((protocol) => ({
      name: `${protocol} ${name}`,
      listen: `127.0.0.1:${ports[protocol]}`,
      upstream: `127.0.0.1:${upstreams[protocol]}`,
      protocol,
    })),
  )
  const file = join(folder, 'proxies.json')
  await writeFile(file, JSON.stringify(proxies))
  const main = new URL('../chaos/proxy/main.ts', import.meta.url).pathname
  const running = owned.use(startProcess(process.execPath, [main, '-port', '0', '-config', file]))
  const { url } = JSON.parse(await firstLine(running)) as { url: string }
  const all = owned.move()
  return { url, targets, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
