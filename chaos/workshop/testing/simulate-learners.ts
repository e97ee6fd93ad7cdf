import { randomBytes } from 'node:crypto'

import type { JoinResponse, Report } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { percentile } from '#chaos/lib/percentile.ts'
import type { Random } from '#chaos/lib/random.ts'

import { joinHost, sendReports, streamPushes } from '../member/host.ts'

export interface Simulation {
  readonly learners: number
  readonly reportsEach: number
  readonly lab: string
  /** Between two reports of one learner, on average. */
  readonly pauseMs: number
  readonly url: string
  readonly code: string
  readonly random: Random
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface SimulationResult {
  /** By learner: the ids that the host acknowledged. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>
  readonly requests: number
  /** Of a request with reports that succeeded, ms. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/**
 * Learners join, report one thing after the other, lose their connection, and come back. A report whose response is lost is
 * sent again, and some acknowledged ones are sent again, too. While the host is down they retry.
 */
export async function simulateLearners(options: Simulation): Promise<SimulationResult> {
  const acknowledged = new Map<string, Set<string>>()
  const times: number[] = []
  await Promise.all(
    Array.from({ length: options.learners }, async (_, number) => {
      const { learner, token } = await joined(options, number)
      const access = { url: options.url, token }
      const own = new Set<string>()
      acknowledged.set(learner, own)
      using stream = keepStream(options, access)
      for (const report of plannedReports(options, number)) {
        await options.clock.sleep(2 * options.random.next() * options.pauseMs, options.signal)
        // One in ten connections is lost: the stream, and the response of this request.
        const isLost = options.random.next() < 0.1
        if (isLost) stream.reconnect()
        await untilAcknowledged(options, access, report, { times, isLost })
        own.add(report.id)
        if (options.random.next() < 0.1)
          await untilAcknowledged(options, access, report, { times, isLost: false })
      }
    }),
  )
  return {
    acknowledged,
    requests: times.length,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    maxMs: Math.max(...times),
  }
}

async function joined(options: Simulation, number: number): Promise<JoinResponse> {
  const key = randomBytes(24).toString('base64url')
  const body = { code: options.code, name: `Learner ${number + 1}`, key, acceptsIncidents: false }
  return await retried(options, async () => await joinHost(options.url, body, options.signal))
}

function plannedReports(
  { lab, reportsEach, clock }: Simulation,
  number: number,
): readonly Report[] {
  return Array.from({ length: reportsEach }, (_, index) => {
    const id = `r-${number}-${index}`
    const at = new Date(clock.wallTimeMs()).toISOString()
    if (index === 0) return { type: 'lab-opened', id, at, lab }
    if (index === 1) return { type: 'prediction', id, at, lab, answer: number % 3, confidence: 60 }
    const outcome = index === reportsEach - 1 ? 'held' : 'violated'
    return {
      type: 'verdict',
      id,
      at,
      lab,
      run: `run-${index}`,
      outcome,
      seed: index,
      failed: ['x'],
    }
  })
}

async function untilAcknowledged(
  options: Simulation,
  access: { readonly url: string; readonly token: string },
  report: Report,
  { times, isLost }: { readonly times: number[]; readonly isLost: boolean },
): Promise<void> {
  if (isLost) {
    const cut = new AbortController()
    const either = AbortSignal.any([options.signal, cut.signal])
    const sending = sendReports(access, [report], either).catch(() => undefined)
    await options.clock.sleep(5 * options.random.next())
    cut.abort()
    await sending
  }
  await retried(options, async () => {
    const startMs = options.clock.now()
    await sendReports(access, [report], options.signal)
    times.push(options.clock.now() - startMs)
  })
}

/** Until it succeeds. A host that is down is not an error. */
async function retried<T>({ clock, signal }: Simulation, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof InputError) || error.status < 429) throw error
      await clock.sleep(100, signal)
    }
  }
}

function keepStream(
  { clock, signal }: Simulation,
  access: { readonly url: string; readonly token: string },
): Disposable & { reconnect(): void } {
  const ended = new AbortController()
  let connection = new AbortController()
  const read = async (): Promise<void> => {
    while (!ended.signal.aborted && !signal.aborted) {
      connection = new AbortController()
      const all = AbortSignal.any([signal, ended.signal, connection.signal])
      try {
        for await (const _push of streamPushes(access, 0, { signal: all, clock })) void 0
      } catch {
        // It was cut, or the host is down.
      }
      await clock.sleep(100, ended.signal).catch(() => undefined)
    }
  }
  void read()
  return {
    reconnect: () => connection.abort(),
    [Symbol.dispose]: () => ended.abort(),
  }
}
