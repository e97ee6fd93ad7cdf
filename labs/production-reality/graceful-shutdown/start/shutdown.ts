import type { Shutdown } from '#services/lib/seams.ts'

/** Task: an instance shuts down, and no customer notices. Change this file only. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.close()
}
