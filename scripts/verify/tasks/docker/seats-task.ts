import { availableParallelism } from 'node:os'

import type { RunView } from '#chaos/contracts/api.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { callSeat, openSeat } from '#chaos/workshop/testing/seat-browser.ts'
import type { SeatBrowser } from '#chaos/workshop/testing/seat-browser.ts'

import { contentHash } from '../../content-hash.ts'
import { openSeatHost } from '../../seat-host.ts'
import type { SeatHost } from '../../seat-host.ts'
import type { Task, TaskContext, TaskResult } from '../../task.ts'

const seats = 12
const lab = 'lab-zero'
const joinMaxMs = 15_000
const pressWithinMs = 10_000
const inconclusiveMax = 0.1

/**
 * Twelve learners join with a browser each, and press check of lab zero within 10 s. Their version is the shop's own, which is
 * right.
 */
export const seatsTask: Task = {
  name: 'seats/twelve',
  expected: `own dashboard within ${joinMaxMs / 1_000} s; none violated, at most 10 % inconclusive`,
  times: 1,
  hash: async () =>
    await contentHash(
      'chaos',
      'services',
      'labs',
      'chaos/runtime/docker',
      'scripts/verify/tasks/docker',
    ),
  run: async (context) => await measureSeats(context),
}

interface Class {
  readonly host: SeatHost
  readonly signal: AbortSignal
}

async function measureSeats({ signal }: TaskContext): Promise<TaskResult> {
  await using host = await openSeatHost(seats, signal)
  return await measureClass({ host, signal })
}

async function measureClass(context: Class): Promise<TaskResult> {
  const { host, signal } = context
  const { url } = host
  const since = (fromMs: number): number => systemClock.now() - fromMs
  const preparedMs = await host.untilPrepared()
  const joins = await Promise.all(
    Array.from({ length: seats }, async (_, index) => {
      const fromMs = systemClock.now()
      const browser = await openSeat(url, { name: `Learner ${index + 1}`, code: host.code })
      const sandbox = await callSeat(url, browser, { api: 'api/sandbox' })
      if (sandbox.status !== 200) throw new Error(`${browser.path} responded ${sandbox.status}.`)
      return { browser, tookMs: since(fromMs) }
    }),
  )
  const streams = await Promise.all(
    joins.map(async ({ browser }) => await callSeat(url, browser, { api: 'api/events' })),
  )
  const memory = await memoryOfAll(context)
  const pressedMs = systemClock.now()
  const verdicts = await Promise.all(
    joins.map(async ({ browser }, index) => {
      await systemClock.sleep((index * pressWithinMs) / seats, signal)
      return await outcomeOf(context, browser)
    }),
  )
  const tookMs = since(pressedMs)
  for (const stream of streams) await stream.body?.cancel()
  const slowest = Math.max(...joins.map((join) => join.tookMs))
  return judge({ verdicts, slowest, preparedMs, tookMs, memory })
}

/** When each seat was measured: bytes. */
async function memoryOfAll(context: Class): Promise<number> {
  for (;;) {
    const all = (await context.host.rows()).map(({ memory }) => memory)
    if (all.every((memory) => memory !== null))
      return all.reduce((a, b) => (a ?? 0) + (b ?? 0), 0) ?? 0
    await systemClock.sleep(1_000, context.signal)
  }
}

/** The learner presses check, and waits for the verdict. */
async function outcomeOf({ host: { url }, signal }: Class, browser: SeatBrowser): Promise<string> {
  const body = { version: 'shop' }
  const started = await callSeat(url, browser, {
    method: 'POST',
    api: `api/labs/${lab}/check`,
    body,
  })
  if (started.status !== 202) return `${started.status} ${await started.text()}`
  const { id } = (await started.json()) as RunView
  for (;;) {
    await systemClock.sleep(500, signal)
    const response = await callSeat(url, browser, { api: `api/runs/${id}` })
    if (!response.ok) return `${response.status} ${await response.text()}`
    const { state, verdict, error } = (await response.json()) as RunView
    if (state !== 'running') return verdict?.outcome ?? error?.error ?? state
  }
}

function judge(measured: {
  readonly verdicts: readonly string[]
  readonly slowest: number
  readonly preparedMs: number
  readonly tookMs: number
  readonly memory: number
}): TaskResult {
  const { verdicts, slowest, preparedMs, tookMs, memory } = measured
  const count = (outcome: string): number => verdicts.filter((each) => each === outcome).length
  const [held, inconclusive] = [count('held'), count('inconclusive')]
  const perCoreHour = (seats / availableParallelism()) * (3_600_000 / tookMs)
  const problems = [
    slowest > joinMaxMs ? 'a join took too long' : '',
    inconclusive / seats > inconclusiveMax ? 'too many are inconclusive' : '',
    ...verdicts.filter((each) => each !== 'held' && each !== 'inconclusive'),
  ].filter((problem) => problem !== '')
  const figures = [
    `ready ${seconds(preparedMs)}`,
    `slowest join ${seconds(slowest)}`,
    `${Math.round(memory / 1024 ** 2)} MiB`,
    `${held} held, ${inconclusive} inconclusive of ${seats} in ${seconds(tookMs)}`,
    `${perCoreHour.toFixed(0)} checks per core and hour`,
  ]
  return { ok: problems.length === 0, detail: [...figures, ...problems].join('; ') }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
