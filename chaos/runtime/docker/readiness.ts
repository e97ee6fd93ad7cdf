import { storeAccepts } from '../store-accepts.ts'
import type { DockerAddresses } from './addresses.ts'

/** Whether an instance, a store or the data plane is ready. Never throws: an instance that does not answer is not ready. */
export type IsReady = (name: string) => Promise<boolean>

const defaultTimeoutMs = 1_000

/** Checks readiness at these addresses. */
export function createReadinessProbe(
  addresses: DockerAddresses,
  timeoutMs = defaultTimeoutMs,
): IsReady {
  return async (name) => {
    const address = addresses.of(name)
    if (name === 'postgres' || name === 'redis') return await storeAccepts(name, address, timeoutMs)
    const path = name === 'links' ? '/version' : '/health/ready'
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
