/** Timeout of the client's request. */
export const clientTimeoutMs = 1_500

const lateFactor = 1.3

/** Delay of a late reply: it arrives when its caller no longer waits. `waitsMs`: how long the caller waits; absent: as long as the client. */
export function lateByMs(waitsMs = clientTimeoutMs): number {
  return lateFactor * waitsMs
}

/** A run that has not settled after this time is `stuck`. */
export const patienceMs = 12_000
/**
 * In a quick X-ray, a run that has sent no message for this time is `stuck`. It is longer than {@link slowMs}, so that a slow
 * run is not called stuck.
 */
export const stillMaxMs = 7_000
/** A correct run of the system's own flows whose last message comes later than this is `ok-slow`. */
export const slowMs = 5_000
