import type { Admission } from '#services/api/seams.ts'

/**
 * Plausible: no door at all. The pool of connections is a limit already, and it has a timeout: whoever gets no connection
 * in time is refused. Must fail goodput: everybody who is served has waited nearly as long before, and is late.
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
