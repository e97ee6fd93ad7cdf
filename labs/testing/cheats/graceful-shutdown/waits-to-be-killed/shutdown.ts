import type { Shutdown } from '#services/lib/seams.ts'

/** A process that never exits interrupts no request. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await new Promise<never>(() => {})
}
