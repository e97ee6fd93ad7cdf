import { healthPathsOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { kindOfStore, withAllProfiles } from '#chaos/contracts/topology.ts'

import { storeAccepts } from '../store-accepts.ts'
import type { DockerAddresses } from './addresses.ts'
import { dataPlane } from './project.ts'

/** Whether an instance, a store or the data plane is ready. Never throws: an instance that does not answer is not ready. */
export type IsReady = (name: string) => Promise<boolean>

const defaultTimeoutMs = 1_000

/** Checks readiness at these addresses. */
export function createReadinessProbe(
  system: System,
  addresses: DockerAddresses,
  timeoutMs = defaultTimeoutMs,
): IsReady {
  const { stores } = withAllProfiles(system.topology)
  return async (name) => {
    const address = addresses.of(name)
    const store = stores.find((one) => one.name === name)
    if (store !== undefined)
      return await storeAccepts({
        store: kindOfStore(store),
        ...address,
        databaseName: system.name,
        timeoutMs,
      })
    const path = name === dataPlane ? '/version' : healthPathsOf(system).ready
    try {
      const response = await fetch(`http://${address.host}:${address.port}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }
}
