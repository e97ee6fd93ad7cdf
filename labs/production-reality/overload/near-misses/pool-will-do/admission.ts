import type { Admission } from '#services/api/seams.ts'

/**
 * Plausible: no admission control. The pool of connections is a limit already, and it has a
 * timeout: a request that gets no connection in time is refused. Fails `goodput`: every request
 * that is served has waited nearly that long before, and is late.
 */
export const admission: Admission = () => {
  let running = 0
  return {
    async enter(work) {
      running += 1
      try {
        return await work()
      } finally {
        running -= 1
      }
    },
    get running() {
      return running
    },
    waiting: 0,
  }
}
