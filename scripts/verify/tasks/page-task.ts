import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { CDPSession, Page } from 'playwright-core'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { dashboardUrl } from '#chaos/cli/sandbox/dashboard-url.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView, TrafficRates } from '#chaos/contracts/api.ts'
import { launchBrowser } from '#chaos/dashboard/testing/browser.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import { contentHash } from '../content-hash.ts'
import { flatnessOf, type MemorySample } from '../flatness.ts'
import type { Task, TaskResult } from '../task.ts'

const minutesDefault = 1
const outage = { kind: 'refuse', target: 'api-*:postgres', lastsMs: 60_000, everyMs: 300_000 }
const rates: TrafficRates = {
  ordersPerSecond: 50,
  browsePerSecond: 0,
  quotesPerSecond: 0,
  readOrdersPerSecond: 0,
}
const longTaskMaxMs = 200
const interactionMaxMs = 100
const interactEveryMs = 1_000
const sampleEveryMs = 15_000
/** In a soak, lists with a bounded length are filled by the first outage. */
const fillMs = 90_000
/** A shorter soak has too few samples of the memory. */
const soakMinutes = 10

/**
 * The page during an outage: 50 orders per second while Postgres refuses every connection of the API. With `--minutes`, the
 * outage is repeated every five minutes, and the memory of the page must stay flat.
 */
export const pageTask: Task = {
  name: 'page/outage',
  expected: `no task over ${longTaskMaxMs} ms, interactions under ${interactionMaxMs} ms, flat memory`,
  times: 1,
  hash: async ({ minutes = minutesDefault }) => {
    // The names of the built files are hashes of their contents.
    const built = await readFile(join(projectRoot, 'chaos/dashboard/dist/index.html'), 'utf8')
    return `${await contentHash('chaos/api', 'chaos/engine', 'chaos/workload')} ${built} ${minutes}`
  },
  run: async ({ signal, minutes = minutesDefault }) => watchPage(minutes, signal),
}

/** What the browser measured, in milliseconds. */
interface Measured {
  /** Tasks of the page's thread that took more than 50 ms. */
  readonly longTasks: readonly number[]
  /** From an input to the next frame. */
  readonly interactions: readonly number[]
}

async function watchPage(minutes: number, signal: AbortSignal): Promise<TaskResult> {
  await using cli = await createTestCli()
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'])
  if (status !== 0) return { ok: false, detail: stderr.trim() }
  const view = JSON.parse(stdout) as SandboxView
  const path = `${cli.home}/.unhappy/sandboxes/${view.slot}.json`
  const file = JSON.parse(await readFile(path, 'utf8')) as SandboxFile
  const client = createApiClient(file, systemClock, signal)
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(await dashboardUrl(client))
    await page.locator('.picture .box').first().waitFor()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await client.sendTraffic(rates)
    const soak = minutes >= soakMinutes
    if (soak) {
      await inject(client)
      await systemClock.sleep(fillMs, signal)
    }
    await measure(page)
    const heap: MemorySample[] = []
    const fromMs = systemClock.now()
    let outages = 0
    let interactAtMs = fromMs
    let turn = 0
    let sampleAtMs = fromMs + sampleEveryMs
    while (systemClock.now() - fromMs < minutes * 60_000) {
      const nowMs = systemClock.now()
      if (nowMs >= fromMs + outages * outage.everyMs) {
        await inject(client)
        outages += 1
      }
      if (nowMs >= interactAtMs) {
        interactAtMs = nowMs + interactEveryMs
        await interact(page, turn)
        turn += 1
      }
      if (soak && nowMs >= sampleAtMs) {
        sampleAtMs = nowMs + sampleEveryMs
        heap.push({ atS: Math.round((nowMs - fromMs) / 1_000), megabytes: await heapOf(session) })
      }
      await systemClock.sleep(100, signal)
    }
    return judge(await measured(page), { minutes, outages, heap: soak ? heap : undefined })
  } finally {
    await browser.close()
  }
}

async function inject(client: ApiClient): Promise<void> {
  const { kind, target, lastsMs } = outage
  await client.inject({ kind, target, params: {}, leaseMs: lastsMs })
}

/** A user opens the log of an instance, filters it, filters the events, and selects a link. */
async function interact(page: Page, turn: number): Promise<void> {
  const logs = page.getByRole('region', { name: 'Logs' })
  const steps = [
    async () => logs.getByRole('tab', { name: 'api-1' }).click(),
    async () => logs.getByRole('textbox').pressSequentially('orders'),
    async () => page.getByRole('tab', { name: 'faults' }).click(),
    async () => logs.getByRole('textbox').fill(''),
    async () => page.getByRole('tab', { name: 'all' }).click(),
    async () => page.locator('[data-name="api-2"]').click(),
    async () => page.getByRole('button', { name: 'Close' }).first().click(),
    async () => logs.getByRole('tab', { name: 'worker-1' }).click(),
  ]
  await steps[turn % steps.length]?.()
}

/** Measures from now on. The source is text, because it runs in the page. */
async function measure(page: Page): Promise<void> {
  await page.evaluate(`
    window.measured = { longTasks: [], interactions: [] }
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.measured.longTasks.push(duration)
    }).observe({ type: 'longtask' })
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries())
        if (interactionId > 0) window.measured.interactions.push(duration)
    }).observe({ type: 'event', durationThreshold: 16 })
  `)
}

async function measured(page: Page): Promise<Measured> {
  return await page.evaluate<Measured>('window.measured')
}

function judge(
  { longTasks, interactions }: Measured,
  seen: {
    readonly minutes: number
    readonly outages: number
    readonly heap: readonly MemorySample[] | undefined
  },
): TaskResult {
  const longest = Math.max(0, ...longTasks)
  const slowest = Math.max(0, ...interactions)
  const flatness = seen.heap === undefined ? undefined : flatnessOf(seen.heap)
  const problems = [
    longest > longTaskMaxMs ? `a task took ${longest.toFixed(0)} ms` : '',
    interactions.length === 0 ? 'no interaction was measured' : '',
    slowest > interactionMaxMs ? `an interaction took ${slowest.toFixed(0)} ms` : '',
    flatness?.flat === false ? 'the page grows' : '',
  ].filter((problem) => problem !== '')
  const figures = [
    `${seen.minutes} min, ${seen.outages} outages`,
    `longest task ${longest.toFixed(0)} ms, ${longTasks.length} over 50 ms`,
    `interaction p95 ${percentile(interactions, 0.95).toFixed(0)} ms, longest ${slowest.toFixed(0)} ms`,
    ...(flatness === undefined
      ? []
      : [`page heap ${flatness.before.toFixed(1)} -> ${flatness.after.toFixed(1)} MB`]),
  ].join('; ')
  return { ok: problems.length === 0, detail: [figures, ...problems].join('; ') }
}

/** The page's heap after a garbage collection, in megabytes. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6
}
