import { generalChecks } from '#chaos/checks/general-checks.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { planArrivals } from '#chaos/workload/plan-arrivals.ts'

const kind = 'request'
const operations = [{ kind, noun: 'request' }] as const

/**
 * The system that a user's own parts are. Nothing is known of what it does: clients can only read its start page, and no source
 * of truth is read until a flow teaches what one request does.
 */
export function adoptedSystem(name: string, topology: Topology): System {
  return {
    name,
    topology,
    operations,
    workload: {
      plan: (workload, random) => ({
        operations: planArrivals(workload, [kind], random, ({ atMs }) => [
          { kind, atMs, tags: [] },
        ]),
        start: () => ({ request: { method: 'GET', path: '/', headers: {} } }),
      }),
    },
    truth: {
      sources: [],
      counters: [],
      inFlight: [],
      open: () => ({
        read: async () => undefined,
        isFinal: async () => true,
        counters: async () => ({}),
        partialCounters: async () => ({ counters: {}, unread: [] }),
        [Symbol.asyncDispose]: async () => undefined,
      }),
    },
    checks: generalChecks({ name, operations }),
    flows: {},
  }
}
