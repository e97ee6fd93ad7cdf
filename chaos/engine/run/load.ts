import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { healthPathsOf } from '#chaos/contracts/system.ts'
import { entriesOf } from '#chaos/contracts/topology.ts'
import type { Random } from '#chaos/lib/random.ts'
import { runWorkload } from '#chaos/workload/run-workload.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Sandbox } from '../sandbox.ts'

/** Load of one phase of a run, or of traffic outside of runs. */
export interface Load {
  readonly workload: Workload
  readonly random: Random
  /** Part of every idempotency key, so keys of different loads differ. */
  readonly tag: string
  /** Clock reading from which the times of operations count. */
  readonly epochMs: number
  /** Number of the first operation. */
  readonly firstNumber: number
  readonly signal: AbortSignal
  /** A further tag of every operation. */
  readonly role?: string
  /** Ends the arrivals; operations in flight continue. */
  readonly over?: AbortSignal
}

/** Sends the load through the client links. The load balancer probes the instances directly. */
export async function sendLoad(sandbox: Sandbox, load: Load): Promise<WorkloadResult> {
  const { system, runtime, clock, journal } = sandbox
  const { ready } = healthPathsOf(system)
  const { role } = load
  const inRole = (operation: Operation): Operation =>
    role === undefined ? operation : { ...operation, tags: [...operation.tags, role] }
  const { traceparent } = sandbox
  const result = await runWorkload({
    ...load,
    ...(traceparent === undefined ? {} : { traceparent }),
    system,
    clock,
    targets: entriesOf(system.topology).map(({ name }) => ({
      instance: name,
      url: runtime.addresses.clientUrl(name),
    })),
    probe: async (instance, signal) => {
      const response = await fetch(`${runtime.addresses.http(instance)}${ready}`, { signal })
      await response.arrayBuffer()
      return response.ok
    },
    onOperation: (operation) =>
      void journal.publish({ type: 'operation', operation: inRole(operation) }),
  })
  return { ...result, operations: result.operations.map(inRole) }
}
