import type { Shutdown } from '#services/lib/seams.ts'

/** Nobody is cut off by a process that does not leave. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await new Promise<never>(() => {})
}
