import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

import type { CDPSession } from 'playwright-core'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import { dashboardUrl } from '#chaos/cli/sandbox/dashboard-url.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView, TrafficRates } from '#chaos/contracts/api.ts'
import { launchBrowser } from '#chaos/dashboard/testing/browser.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { contentHash } from '../content-hash.ts'
import { flatnessOf, type MemorySample } from '../flatness.ts'
import { openHeapInspector } from '../heap-inspector.ts'
import type { Task, TaskResult } from '../task.ts'

const minutesDefault = 60
const ordersPerSecond = 50
/** The share of the planned orders that must be placed. With fewer, the soak proves nothing. */
const placedShareMin = 0.8
/** Traffic before the measurement. It fills every list with a bounded length, so only unbounded lists grow later. */
const fill = { browsePerSecond: 100, seconds: 150 }
const sampleEveryMs = 15_000

const none: TrafficRates = {
  ordersPerSecond: 0,
  browsePerSecond: 0,
  quotesPerSecond: 0,
  readOrdersPerSecond: 0,
}

/** The dashboard stays open for an hour while customers order. The memory of page and controller must stay flat. */
export const soakTask: Task = {
  name: 'soak/dashboard',
  expected: `memory of page and controller stays flat at ${ordersPerSecond} orders/s`,
  times: 1,
  // A short soak does not prove a longer one, so the hash contains the minutes.
  hash: async ({ minutes = minutesDefault }) =>
    `${await contentHash('chaos/api', 'chaos/dashboard/src', 'chaos/engine', 'chaos/workload')} ${minutes}`,
  run: async ({ signal, minutes = minutesDefault }) => soak(minutes, signal),
}

async function soak(minutes: number, signal: AbortSignal): Promise<TaskResult> {
  await using cli = await createTestCli()
  // Each process opens an inspector on a free port. The task reads the controller's heap through it.
  const environment = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'], { environment })
  if (status !== 0) return { ok: false, detail: stderr.trim() }
  const view = JSON.parse(stdout) as SandboxView
  const folder = `${cli.home}/.unhappy/sandboxes`
  const file = JSON.parse(await readFile(`${folder}/${view.slot}.json`, 'utf8')) as SandboxFile
  const client = createApiClient(file, systemClock, signal)
  await using inspector = await openHeapInspector(
    await readFile(`${folder}/controller.log`, 'utf8'),
  )
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(await dashboardUrl(client))
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await client.sendTraffic({ ...none, ordersPerSecond, browsePerSecond: fill.browsePerSecond })
    await systemClock.sleep(fill.seconds * 1_000, signal)
    await client.sendTraffic({ ...none, ordersPerSecond })
    const ordersBefore = (await client.truth())['orders'] ?? 0
    const read = { page: () => heapOf(session), controller: () => inspector.heapMegabytes() }
    const [heap, controller] = await watch({ read, minutes, signal })
    const resident = await residentOf(file.pid)
    // If this request fails, the figures of an hour are still reported.
    const orders = await client.truth().then(
      (truth) => truth['orders'] ?? 0,
      (error: unknown) => messageOf(error),
    )
    const placed = typeof orders === 'string' ? orders : orders - ordersBefore
    return judge(minutes, { heap, controller, placed, resident })
  } finally {
    await browser.close()
  }
}

async function watch(options: {
  readonly read: Readonly<Record<'page' | 'controller', () => Promise<number>>>
  readonly minutes: number
  readonly signal: AbortSignal
}): Promise<readonly [heap: readonly MemorySample[], controller: readonly MemorySample[]]> {
  const { read, minutes, signal } = options
  const heap: MemorySample[] = []
  const controller: MemorySample[] = []
  const fromMs = systemClock.now()
  while (systemClock.now() - fromMs < minutes * 60_000) {
    await systemClock.sleep(sampleEveryMs, signal)
    const atS = Math.round((systemClock.now() - fromMs) / 1_000)
    heap.push({ atS, megabytes: await read.page() })
    controller.push({ atS, megabytes: await read.controller() })
  }
  return [heap, controller]
}

function judge(
  minutes: number,
  seen: {
    readonly heap: readonly MemorySample[]
    readonly controller: readonly MemorySample[]
    /** The number of orders, or the error of the request for it. */
    readonly placed: number | string
    /** Resident memory of the controller at the end, in megabytes. */
    readonly resident: number
  },
): TaskResult {
  const [page, controller] = [flatnessOf(seen.heap), flatnessOf(seen.controller)]
  const rate = typeof seen.placed === 'string' ? Number.NaN : seen.placed / (minutes * 60)
  const problems = [
    page.flat ? '' : 'the page grows',
    controller.flat ? '' : 'the controller grows',
    typeof seen.placed === 'string' ? `orders could not be counted: ${seen.placed}` : '',
    rate < placedShareMin * ordersPerSecond ? `only ${rate.toFixed(1)} orders/s were placed` : '',
  ].filter((problem) => problem !== '')
  const figures =
    `${minutes} min, ${rate.toFixed(1)} orders/s; page heap ${page.before.toFixed(1)} -> ${page.after.toFixed(1)} MB, ` +
    `controller heap ${controller.before.toFixed(1)} -> ${controller.after.toFixed(1)} MB (${seen.resident.toFixed(0)} MB resident)`
  return { ok: problems.length === 0, detail: [figures, ...problems].join('; ') }
}

/** The page's heap after a garbage collection, in megabytes. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6
}

async function residentOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return (Number(stdout.trim()) * 1_024) / 1e6
}
