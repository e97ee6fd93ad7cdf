import { useEffect, useState } from 'preact/hooks'

/** Draws the component again every `everyMs` milliseconds, for countdowns. */
export function useTick(everyMs: number): void {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
