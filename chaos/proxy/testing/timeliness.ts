const triesMax = 15
const triesRight = 3

/**
 * Measures until three times are right, at most {@link triesMax} times. A time is right if it is not below `expectedMs` and
 * exceeds it by at most the tolerance. One early time fails the measurement. A busy machine can make a time late: the time
 * in which this process demonstrably could not run is subtracted. Resolves to `in time`, or to the early or late times.
 */
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

/** The process ticks once each millisecond. A tick that is later than this shows that the process could not run. */
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
