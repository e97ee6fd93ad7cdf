import type { Admission } from '#services/api/seams.ts'

/** Task: three times the load we can take, and as many orders as ever in good time. Change this file only. */
export const admission: Admission = ({ runningMax }) => {
  let running = 0
  const queue: { readonly start: () => void }[] = []

  async function waitForRoom(): Promise<void> {
    await new Promise<void>((resolve) => queue.push({ start: resolve }))
  }

  /** Hands the room to the next who waits, so that nobody who comes just now can overtake. */
  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next.start()
  }

  return {
    async enter(work) {
      if (running < runningMax) running += 1
      else await waitForRoom()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return queue.length
    },
  }
}
