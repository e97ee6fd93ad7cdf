import type { TrafficRates } from '#chaos/contracts/api.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'
import { ratesBy, trafficRate } from '#chaos/workload/rates.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Load } from './run/load.ts'

/** Load outside of runs, until it is stopped. */
export interface Traffic extends AsyncDisposable {
  /** The current rates; null: no traffic. */
  readonly rates: TrafficRates | null
  /** Starts traffic, or replaces the current traffic. */
  start(rates: TrafficRates): Promise<void>
  /** Resolves when the last operation has ended. Without traffic it does nothing. */
  stop(): Promise<void>
}

export interface TrafficTools {
  readonly system: Pick<System, 'name' | 'operations' | 'workload'>
  readonly clock: Clock
  readonly random: Random
  send(load: Load): Promise<WorkloadResult>
  /** Called when the traffic ends with an error. */
  onError(message: string): void
}

/** Arrivals are planned for this long at a time: a plan without end would be a list without end. */
const pieceMs = 30_000

/** Clients outside of runs, so faults have traffic to affect. */
export function createTraffic(tools: TrafficTools): Traffic {
  let current: { rates: TrafficRates; abort: AbortController; ended: Promise<void> } | null = null
  let pieces = 0

  const stop = async (): Promise<void> => {
    const ending = current
    current = null
    ending?.abort.abort()
    await ending?.ended
  }

  const send = async (rates: TrafficRates, signal: AbortSignal): Promise<void> => {
    const epochMs = tools.clock.now()
    let firstNumber = 1
    while (!signal.aborted) {
      pieces += 1
      const result = await tools.send({
        workload: trafficWorkload(tools.system, rates),
        random: tools.random.fork(`traffic ${pieces}`),
        signal,
        tag: `t${pieces.toString(36)}`,
        epochMs,
        firstNumber,
      })
      firstNumber += result.operations.length
    }
  }

  return {
    get rates() {
      return current?.rates ?? null
    },
    start: async (rates) => {
      // Throws for a system without operations.
      workloadOf(tools.system)
      await stop()
      const abort = new AbortController()
      const ended = send(rates, abort.signal).catch((error: unknown) => {
        if (abort.signal.aborted) return
        current = null
        tools.onError(messageOf(error))
      })
      current = { rates, abort, ended }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function trafficWorkload(system: TrafficTools['system'], rates: TrafficRates): Workload {
  const workload: Workload = {
    rates: ratesBy(system, (operation) => rates[trafficRate(operation)]),
    durationMs: pieceMs,
    client: {
      attemptTimeoutMs: 2_000,
      deadlineMs: 6_000,
      retriesMax: 3,
      backoffMs: 100,
      backoffMaxMs: 1_000,
      onlyReady: true,
      probeIntervalMs: 150,
    },
  }
  return workloadOf(system).traffic?.(workload) ?? workload
}
