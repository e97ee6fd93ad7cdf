import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { ShopTrafficRates } from '#chaos/shop/operations.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { medianOf } from './lib/median-table.ts'
import { cpuPercentOfTree } from './lib/process.ts'
import type { FigureRow } from './lib/rounds.ts'

const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const roundsDefault = 3
const figure = 'CPU with 20 orders/s, % of a core'
const [off, on] = ['off', 'on'] as const
const rates = {
  ordersPerSecond: 20,
  browsePerSecond: 0,
  quotesPerSecond: 0,
  readOrdersPerSecond: 0,
} satisfies ShopTrafficRates
/** Compiled code and full pools. */
const settleMs = 15_000
const measuredMs = 30_000

/** What telemetry costs the whole sandbox: its processes, stores and clients. The receiver is not counted. */
export const telemetryBench: Bench = {
  name: 'telemetry',
  description: 'CPU time of a sandbox with orders, without and with OpenTelemetry',
  base: off,
  goals: [
    {
      text: `${figure}: with telemetry, times without`,
      value: (rows) => medianOf(rows, figure, on) / medianOf(rows, figure, off),
      atMost: 1.5,
    },
  ],
  measure: measureTelemetry,
}

async function measureTelemetry(options: BenchOptions): Promise<readonly FigureRow[]> {
  const { rounds = roundsDefault, progress, signal } = options
  await using receiver = await openReceiver()
  const rows: FigureRow[] = []
  for (let round = 1; round <= rounds; round++)
    for (const target of [off, on]) {
      const before = receiver.requests()
      const value = await measureOnce(target === on ? receiver.url : undefined, signal)
      const sent = receiver.requests() - before
      // A figure without exports, or with exports that should be off, is a figure of something else.
      if (sent > 0 !== (target === on)) throw new Error(`${target}: ${sent} exports`)
      progress(`round ${round}/${rounds} ${target}: ${value.toFixed(1)} % of a core`)
      rows.push({ round, figure, target, value })
    }
  return rows
}

async function measureOnce(endpoint: string | undefined, signal: AbortSignal): Promise<number> {
  await using sandbox = await launchSandbox(
    { home, slot: undefined, clock: systemClock, signal },
    {
      ephemeral: true,
      detached: false,
      onProgress: () => undefined,
      ...(endpoint === undefined ? {} : { otel: endpoint }),
    },
  )
  await sandbox.client.sendTraffic(rates)
  await systemClock.sleep(settleMs, signal)
  return await cpuPercentOfTree(sandbox.client.file.pid, measuredMs, signal)
}

/** Accepts everything and keeps nothing. */
async function openReceiver() {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    request.resume()
    request.on('end', () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
