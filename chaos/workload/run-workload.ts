import { Pool } from 'undici'

import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createBalancer } from './balancer.ts'
import type { BalancerProbe } from './balancer.ts'
import type { DueOperation } from './operation-to-do.ts'
import { performOperation } from './perform.ts'
import type { Client } from './perform.ts'
import { planOperations } from './plan.ts'
import type { PlannedOperation } from './plan.ts'

export interface WorkloadRequest {
  readonly workload: Workload
  /** Where clients enter the shop: the URL of each API instance through its link `client:api-*`. */
  readonly targets: readonly { readonly instance: string; readonly url: string }[]
  readonly probe: BalancerProbe
  readonly clock: Clock
  readonly random: Random
  /** Aborts the load; operations under way end at once as what they are by then. */
  readonly signal: AbortSignal
  /** Ends the arrivals before their plan does; what is under way ends by itself. */
  readonly over?: AbortSignal
  /** Goes into every order's key (`o-<tag>-000017`): different for each workload that meets the same books. */
  readonly tag: string
  /** Clock reading that the history counts from; absent: now. Two workloads of one run share it. */
  readonly epochMs?: number
  /** Number of the first operation; absent: 1. */
  readonly firstNumber?: number
  /** Called for each operation as it ends. */
  readonly onOperation?: (operation: Operation) => void
  /** Operations under way at most; what arrives beyond is counted and not sent. Absent: 2000. */
  readonly inFlightMax?: number
  readonly probeIntervalMs?: number
}

export interface WorkloadResult {
  /** In the order in which they began. */
  readonly operations: readonly Operation[]
  /** Arrivals that were not sent because too many were under way: the load was then lighter than asked for. */
  readonly notSent: number
  /** Reads of orders that were left out because no order was known yet. */
  readonly nothingToRead: number
  readonly inFlightPeak: number
  /** How late the latest arrival was sent: large means that this process had no time, not that the shop was slow. */
  readonly lagMaxMs: number
}

/**
 * Sends an open-loop load and resolves when every operation has ended. Arrivals happen at seeded times and never wait for
 * answers, as people do: a slow shop gets no relief from its clients.
 */
export async function runWorkload(order: WorkloadRequest): Promise<WorkloadResult> {
  const { workload, clock, signal } = order
  const plan = planOperations(workload, order.random, order.tag)
  const pools = new Map(order.targets.map(({ instance, url }) => [instance, createPool(url)]))
  await using stack = new AsyncDisposableStack()
  stack.defer(async () => {
    await Promise.all([...pools.values()].map(async (pool) => await pool.destroy()))
  })
  const balancer = stack.use(
    createBalancer({
      instances: [...pools.keys()],
      probe: order.probe,
      clock,
      signal,
      onlyReady: workload.client.onlyReady,
      probeIntervalMs: order.probeIntervalMs ?? workload.client.probeIntervalMs,
      probeTimeoutMs: 500,
    }),
  )
  const startMs = clock.now()
  const client: Client = {
    behaviour: workload.client,
    balancer,
    pools,
    clock,
    random: order.random.fork('workload backoff'),
    signal,
    epochMs: order.epochMs ?? startMs,
  }
  return await sendAll(order, plan, client, startMs)
}

async function sendAll(
  order: WorkloadRequest,
  plan: readonly PlannedOperation[],
  client: Client,
  startMs: number,
): Promise<WorkloadResult> {
  const { clock, signal, over } = order
  const noMore = over === undefined ? signal : AbortSignal.any([signal, over])
  const inFlightMax = order.inFlightMax ?? 2_000
  const operations: Operation[] = []
  const known: string[] = []
  const failures: unknown[] = []
  const inFlight = new Set<Promise<void>>()
  let [notSent, nothingToRead, inFlightPeak, lagMaxMs] = [0, 0, 0, 0]
  let number = order.firstNumber ?? 1

  const perform = async (todo: DueOperation): Promise<void> => {
    const operation = await performOperation(client, todo)
    operations.push(operation)
    if (operation.kind === 'place-order' && operation.outcome === 'ok' && operation.orderId)
      known.push(operation.orderId)
    order.onOperation?.(operation)
  }
  const begin = (planned: PlannedOperation): void => {
    const orderId = planned.kind === 'read-order' ? draw(known, planned.draw) : undefined
    if (planned.kind === 'read-order' && orderId === undefined) return void nothingToRead++
    if (inFlight.size >= inFlightMax) return void notSent++
    const { browseUncached } = order.workload
    const todo = { number: number++, planned, browseUncached, ...(orderId ? { orderId } : {}) }
    const done = perform(todo)
    inFlight.add(done)
    inFlightPeak = Math.max(inFlightPeak, inFlight.size)
    const forget = (): unknown => inFlight.delete(done)
    done.then(forget, (error: unknown) => {
      forget()
      failures.push(error)
    })
  }

  for (const planned of plan) {
    const waitMs = startMs + planned.atMs - clock.now()
    if (waitMs > 0.5) await clock.sleep(waitMs, noMore).catch(() => {})
    if (noMore.aborted) break
    lagMaxMs = Math.max(lagMaxMs, clock.now() - startMs - planned.atMs)
    begin(planned)
  }
  const restMs = startMs + order.workload.durationMs - clock.now()
  if (restMs > 0 && !noMore.aborted) await clock.sleep(restMs, noMore).catch(() => {})
  await Promise.allSettled(inFlight)
  if (failures.length > 0) throw new AggregateError(failures, 'the workload itself failed')
  operations.sort((a, b) => a.id - b.id)
  return { operations, notSent, nothingToRead, inFlightPeak, lagMaxMs }
}

/** So many connections that a request never waits in the client: then every wait that is measured is the shop's. */
function createPool(url: string): Pool {
  return new Pool(url, {
    connections: 2_048,
    pipelining: 1,
    // Timeouts are the client behaviour's, per attempt; these only keep undici's own out of the way.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 60_000 },
    allowH2: false,
  })
}

function draw(known: readonly string[], at: number): string | undefined {
  return known[Math.floor(at * known.length)]
}
