import type { FlowGap } from '#chaos/contracts/flow-record.ts'

/** A moment on the clock of the run: `12.4 ms`, `-3 ms`, `1.250 s`. */
export function momentWords(ms: number): string {
  if (Math.abs(ms) >= 1_000) return `${(ms / 1_000).toFixed(3)} s`
  return `${Number(ms.toFixed(1))} ms`
}

/** A time that passes: `0.42 ms`, `12.4 ms`, `1.25 s`. */
export function durationWords(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`
  if (ms >= 100) return `${ms.toFixed(0)} ms`
  return `${ms < 1 ? Number(ms.toFixed(2)) : Number(ms.toFixed(1))} ms`
}

/** `is down, 1.20 s`; `restarts as planned, 300 ms`. */
export function gapWords({ what, fromMs, toMs, isPlanned }: FlowGap): string {
  const words = { down: 'is down', paused: 'is paused', starting: 'starts' }[what]
  return `${words}${isPlanned ? ' as planned' : ''}, ${durationWords(toMs - fromMs)}`
}
