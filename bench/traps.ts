import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { InputError } from '../chaos/lib/errors.ts'
import { createLinkControl } from '../chaos/proxy/client.ts'
import { startTestStores } from '../chaos/runtime/local/test-stores.ts'
import type { Bench, BenchOptions } from './lib/bench.ts'
import { findProgram, freePort, run, start } from './lib/processes.ts'
import { figuresOf, loadFigures, medianTable, ratioOf, saveFigures } from './lib/report.ts'
import { type Measure, type Row, runRounds } from './lib/rounds.ts'
import { median } from './lib/statistics.ts'

const roundsDefault = 10
/** A trap that waits for another exchange may make a round trip so much longer. */
const mostAtTrap = 1.2
const leaseMs = 600_000

interface TrapTarget {
  readonly name: 'no trap' | 'trap'
  readonly ports: Readonly<Record<'redis' | 'postgres', number>>
}

/** What a trap costs those whom it does not wait for. */
export const trapsBench: Bench = {
  name: 'traps',
  description: 'round trips on a link with a trap on another exchange, beside the same link without',
  run: runTraps,
}

async function runTraps(options: BenchOptions): Promise<void> {
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
      // oxlint-disable-next-line unicorn/no-thenable -- the contract's word
      then: { do: 'deliver' },
      expiresInMs: leaseMs,
    })
  const rows = await runRounds({
    targets: links.targets,
    measures: await measuresFor(stores.databaseUrl),
    rounds: options.rounds ?? roundsDefault,
    nameOf: ({ name }) => name,
    progress: (text) => void process.stderr.write(`${text}\n`),
  })
  const sprung = (await control.listTraps()).filter(({ state }) => state !== 'armed')
  if (sprung.length > 0) throw new Error(`${sprung[0]?.order.id} did not stay armed`)
  const earlier = options.compare === undefined ? undefined : await loadFigures(options.compare)
  const figures = figuresOf('traps', rows)
  console.log(`${figures.machine}\nMedians; in brackets the median of the ratios to no trap.\n`)
  console.log(medianTable(rows, 'no trap', earlier?.rows))
  console.log(`\n${goalLines(rows).join('\n')}`)
  if (options.save !== undefined) await saveFigures(options.save, figures)
}

function goalLines(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ figure }) => figure))].map((figure) => {
    const ratio = ratioOf(rows, figure, 'trap', 'no trap')
    const word = ratio <= mostAtTrap ? 'reached' : 'MISSED '
    return `${word}  ${figure} with a trap: ${ratio.toFixed(2)} (at most ${mostAtTrap})`
  })
}

async function measuresFor(databaseUrl: string): Promise<Measure<TrapTarget>[]> {
  const redis = await findProgram('redis-benchmark', 'valkey-benchmark')
  const pgbench = await findProgram('pgbench')
  if (redis === undefined && pgbench === undefined)
    throw new InputError('Neither redis-benchmark nor pgbench is in PATH.', {
      remedy: 'Debian: apt install redis-tools postgresql-contrib',
    })
  if (pgbench !== undefined)
    await run(pgbench, ['--initialize', '--init-steps=dtGvp', '--quiet', databaseUrl])
  return [
    ...(redis === undefined ? [] : [1, 50].map((clients) => redisMeasure(redis, clients))),
    ...(pgbench === undefined ? [] : [1, 10].map((c) => postgresMeasure(pgbench, c, databaseUrl))),
  ]
}

/** redis-benchmark tells its median in steps of 8 us, too coarse here: this is the mean. */
function redisMeasure(program: string, clients: number): Measure<TrapTarget> {
  const requests = clients === 1 ? 20_000 : 60_000
  return {
    name: `redis -c${clients}`,
    measure: async ({ ports }) => {
      const args = ['-p', ports.redis, '-c', clients, '-n', requests, '-t', 'get', '--csv']
      const output = await run(program, args.map(String))
      const rate = Number(/^"GET","([\d.]+)"/m.exec(output)?.[1] ?? NaN)
      return { [`GET, ${clients} clients, us`]: (clients * 1e6) / rate }
    },
  }
}

/** Each transaction is one SELECT; pgbench logs how long each took. */
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
        await run(program, [...load.map(String), ...log, through.href])
        const texts = await Promise.all(
          (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
        )
        const times = texts.flatMap((text) => text.trim().split('\n').map(microsecondsOf))
        return { [`SELECT, ${clients} clients, median us`]: median(times) }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** A line of pgbench's log: client, transaction, time in us, script, when. */
function microsecondsOf(line: string): number {
  return Number(line.split(' ')[2])
}

interface BenchLinks extends AsyncDisposable {
  readonly url: string
  readonly targets: readonly TrapTarget[]
}

/** Two links to each store in one data plane: what carries them is the same. */
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
  const running = owned.use(start(process.execPath, [main, '-port', '0', '-config', file]))
  const lines = createInterface({ input: running.child.stdout ?? process.stdin })
  const [line] = (await once(lines, 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const all = owned.move()
  return { url, targets, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
