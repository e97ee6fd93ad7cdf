import type { Shutdown } from '#services/lib/seams.ts'

/** Task: an instance leaves, and nobody who uses the shop can tell. Change this file only. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.close()
}
