/**
 * Measures until three times are right, at most so often: never before `expectedMs`, and not later than the tolerance. One that is early
 * is wrong whatever the rest says. A late one may be the machine's fault: what this process demonstrably could not run
 * meanwhile is no lateness of what it measures.
 */
const triesMax = 15
const triesRight = 3

/** Resolves to `in time`, or says what was early or late. */
export async function timeliness(
  expectedMs: number,
  toleranceMs: number,
  measure: () => Promise<number>,
): Promise<string> {
  const tries: string[] = []
  let right = 0
  while (tries.length < triesMax && right < triesRight) {
    const stalls = watchStalls()
    const ms = await measure()
    const stalledMs = stalls.end()
    if (ms < expectedMs) return `early: ${ms}`
    if (ms - expectedMs <= toleranceMs + stalledMs) right++
    tries.push(`${ms.toFixed(2)} (stalled ${stalledMs.toFixed(2)})`)
  }
  return right >= triesRight ? 'in time' : `late: ${tries.join(', ')}`
}

/** A tick each millisecond: one that comes later than this shows that the process had to wait for a processor. */
const tickLateMs = 2

function watchStalls(): { end(): number } {
  let last = performance.now()
  let stalledMs = 0
  const tick = (): void => {
    const now = performance.now()
    stalledMs += Math.max(0, now - last - tickLateMs)
    last = now
  }
  const interval = setInterval(tick, 1)
  return {
    end: () => {
      tick()
      clearInterval(interval)
      return stalledMs
    },
  }
}
