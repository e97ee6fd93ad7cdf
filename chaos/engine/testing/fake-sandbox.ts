import type { System } from '#chaos/contracts/system.ts'
import type { TruthCounters, TruthReader } from '#chaos/contracts/truth.ts'
import { createFakeLinks } from '#chaos/faults/testing/fake-links.ts'
import type { FakeLinks } from '#chaos/faults/testing/fake-links.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import type { FakeRuntime, FakeRuntimeOptions } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'

import { createSandbox } from '../sandbox.ts'
import type { Sandbox, SandboxParts } from '../sandbox.ts'
import { createManualClock } from './manual-clock.ts'
import type { ManualClock } from './manual-clock.ts'

export interface FakeSandbox {
  readonly sandbox: Sandbox
  readonly clock: ManualClock
  readonly links: FakeLinks
  readonly runtime: FakeRuntime
  /** What the next read of the truth returns; `broken`: it throws. */
  readonly truth: { counters: TruthCounters; broken: boolean; isFinal?: boolean }
}

export const settledCounters: TruthCounters = {
  orders: 0,
  paid: 0,
  unfinished: 0,
  charged: 0,
  ledgerCharges: 0,
  queueWaiting: 0,
  queueActive: 0,
  queueDelayed: 0,
  outboxWaiting: 0,
  eventsMissing: 0,
  migrationsRunning: 0,
}

/** Its data changes only by operations. */
const quiet: System = { ...system, beginChanges: () => undefined }

/** A sandbox whose processes, links and time exist only in memory. */
export async function createFakeSandbox(
  options: FakeRuntimeOptions = {},
  more: Partial<SandboxParts> = {},
): Promise<FakeSandbox> {
  const clock = createManualClock()
  const links = createFakeLinks()
  const runtime = createFakeRuntime(options)
  const truth: FakeSandbox['truth'] = { counters: settledCounters, broken: false }
  const sandbox = await createSandbox({
    system: quiet,
    runtime,
    links,
    clock,
    seed: 1,
    truth: fakeTruth(truth),
    prepareDatabase: async () => {},
    ...more,
  })
  return { sandbox, clock, links, runtime, truth }
}

function fakeTruth(state: FakeSandbox['truth']): TruthReader {
  const check = (): void => {
    if (state.broken) throw new Error('Postgres cannot be read')
  }
  return {
    counters: async () => {
      check()
      return state.counters
    },
    isFinal: async () => {
      check()
      return state.isFinal === true
    },
    partialCounters: async () =>
      state.broken
        ? { counters: {}, unread: [{ source: 'Postgres', error: 'it is broken' }] }
        : { counters: state.counters, unread: [] },
    read: async () => {
      check()
      return {
        takenAt: '',
        orders: [],
        orderEvents: [],
        products: [],
        priceEvents: [],
        stockEvents: [],
        paymentMethods: {},
        ledger: [],
        charges: [],
        chargeRequests: [],
        outbox: [],
        paymentEvents: [],
        receivedEvents: [],
        paymentStates: [],
        queue: {
          waiting: 0,
          active: 0,
          delayed: 0,
          prioritized: 0,
          failed: 0,
          completed: 0,
          unfinishedOrderIds: [],
        },
      }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
