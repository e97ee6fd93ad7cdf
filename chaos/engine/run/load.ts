import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import type { Random } from '#chaos/lib/random.ts'
import { runWorkload } from '#chaos/workload/run-workload.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'
import { instancesOf } from '#services/topology.ts'

import type { Sandbox } from '../sandbox.ts'

export interface Load {
  readonly workload: Workload
  readonly random: Random
  readonly tag: string
  readonly epochMs: number
  readonly firstNumber: number
  readonly signal: AbortSignal
  /** Ends the arrivals. */
  readonly over?: AbortSignal
}

/** The clients of a run: they enter through the links, and their balancer asks the instances themselves. */
export async function sendLoad(sandbox: Sandbox, load: Load): Promise<WorkloadResult> {
  const { runtime, clock, journal } = sandbox
  return await runWorkload({
    ...load,
    clock,
    targets: instancesOf('api').map(({ name }) => ({
      instance: name,
      url: runtime.addresses.clientUrl(name),
    })),
    probe: async (instance, signal) => {
      const response = await fetch(`${runtime.addresses.http(instance)}/health/ready`, { signal })
      await response.arrayBuffer()
      return response.ok
    },
    onOperation: (operation: Operation) => void journal.publish({ type: 'operation', operation }),
  })
}
