import { Pool } from 'undici'

import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { PlannedLoad, PlannedOperation } from '#chaos/contracts/system/workload.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createBalancer } from './balancer.ts'
import type { BalancerProbe } from './balancer.ts'
import { performOperation } from './perform.ts'
import type { Client, DueOperation, TracedAttempt } from './perform.ts'

export interface WorkloadRequest {
  readonly system: Pick<System, 'name' | 'operations' | 'workload'>
  readonly workload: Workload
  /** The URL of each instance that receives requests from outside, through its link. */
  readonly targets: readonly { readonly instance: string; readonly url: string }[]
  readonly probe: BalancerProbe
  readonly clock: Clock
  readonly random: Random
  /** Aborts the load. Operations in flight end at once, mostly as unknown. */
  readonly signal: AbortSignal
  /** Ends the arrivals before the plan ends. Operations in flight end by themselves. */
  readonly over?: AbortSignal
  /** Part of every key: `o-<tag>-000017`. Two workloads with the same stores need different tags. */
  readonly tag: string
  /** The clock reading at 0 ms of the history. Default: now. The workloads of one run share it. */
  readonly epochMs?: number
  /** Number of the first operation. Default: 1. */
  readonly firstNumber?: number
  /** Called for each operation as it ends. */
  readonly onOperation?: (operation: Operation) => void
  /** At most this many operations in flight. Further arrivals are counted and not sent. Default: 2000. */
  readonly inFlightMax?: number
  readonly probeIntervalMs?: number
  /** The header `traceparent` of requests with a key. Absent: requests do not have it. */
  readonly traceparent?: (of: TracedAttempt) => string
}

export interface WorkloadResult {
  /** By start time. */
  readonly operations: readonly Operation[]
  /** Arrivals that were not sent because of `inFlightMax`. Then the load was lighter than planned. */
  readonly notSent: number
  /** Operations that were left out because there was nothing to request yet. */
  readonly nothingToRead: number
  readonly inFlightPeak: number
  /** The longest delay of an arrival in this process. A large value means a busy machine, not a slow system. */
  readonly lagMaxMs: number
}

/**
 * Sends an open-loop load and resolves when every operation has ended. Arrivals happen at seeded times and never wait for
 * responses: a slow system receives the same load.
 */
export async function runWorkload(request: WorkloadRequest): Promise<WorkloadResult> {
  const { workload, clock, signal } = request
  const plan = workloadOf(request.system).plan(workload, request.random, request.tag)
  const pools = new Map(request.targets.map(({ instance, url }) => [instance, createPool(url)]))
  await using resources = new AsyncDisposableStack()
  resources.defer(async () => {
    await Promise.all([...pools.values()].map(async (pool) => await pool.destroy()))
  })
  const balancer = resources.use(
    createBalancer({
      instances: [...pools.keys()],
      probe: request.probe,
      clock,
      signal,
      onlyReady: workload.client.onlyReady,
      probeIntervalMs: request.probeIntervalMs ?? workload.client.probeIntervalMs,
      probeTimeoutMs: 500,
    }),
  )
  const startMs = clock.now()
  const client: Client = {
    behaviour: workload.client,
    balancer,
    pools,
    clock,
    random: request.random.fork('workload backoff'),
    signal,
    epochMs: request.epochMs ?? startMs,
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
  }
  return await sendAll(request, plan, client, startMs)
}

async function sendAll(
  request: WorkloadRequest,
  plan: PlannedLoad,
  client: Client,
  startMs: number,
): Promise<WorkloadResult> {
  const { clock, signal, over } = request
  const noMore = over === undefined ? signal : AbortSignal.any([signal, over])
  const inFlightMax = request.inFlightMax ?? 2_000
  const operations: Operation[] = []
  const changing = new Set(
    request.system.operations.flatMap(({ kind, changes }) => (changes === true ? [kind] : [])),
  )
  const failures: unknown[] = []
  const inFlight = new Set<Promise<void>>()
  let [notSent, nothingToRead, inFlightPeak, lagMaxMs] = [0, 0, 0, 0]
  let number = request.firstNumber ?? 1

  const perform = async (due: DueOperation): Promise<void> => {
    const operation = await performOperation(client, due)
    operations.push(operation)
    plan.onEnd?.(operation)
    request.onOperation?.(operation)
  }
  const begin = (planned: PlannedOperation): void => {
    const started = plan.start(planned)
    if (started === undefined) return void nothingToRead++
    if (inFlight.size >= inFlightMax) return void notSent++
    const due = { number: number++, planned, started, changes: changing.has(planned.kind) }
    const done = perform(due)
    inFlight.add(done)
    inFlightPeak = Math.max(inFlightPeak, inFlight.size)
    const forget = (): unknown => inFlight.delete(done)
    done.then(forget, (error: unknown) => {
      forget()
      failures.push(error)
    })
  }

  for (const planned of plan.operations) {
    const waitMs = startMs + planned.atMs - clock.now()
    if (waitMs > 0.5) await clock.sleep(waitMs, noMore).catch(() => {})
    if (noMore.aborted) break
    lagMaxMs = Math.max(lagMaxMs, clock.now() - startMs - planned.atMs)
    begin(planned)
  }
  const restMs = startMs + request.workload.durationMs - clock.now()
  if (restMs > 0 && !noMore.aborted) await clock.sleep(restMs, noMore).catch(() => {})
  await Promise.allSettled(inFlight)
  if (failures.length > 0)
    throw new AggregateError(failures, 'The workload failed with an error of its own.')
  operations.sort((a, b) => a.id - b.id)
  return { operations, notSent, nothingToRead, inFlightPeak, lagMaxMs }
}

/** A pool with so many connections that no request waits in the client: the measured latency is the system's. */
function createPool(url: string): Pool {
  return new Pool(url, {
    connections: 2_048,
    pipelining: 1,
    // The client behaviour sets a timeout per attempt. These settings turn undici's own timeouts off.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 60_000 },
    allowH2: false,
  })
}
