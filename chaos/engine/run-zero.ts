import type { Clock } from '#chaos/lib/clock.ts'

/** The moment from which every time of a run counts. */
export interface Zero {
  /** The reading of the controller's clock. */
  readonly epochMs: number
  /** ISO 8601. */
  readonly at: string
}

export interface RunZero {
  /** The first call sets it to now. Later calls return the same moment. */
  begin(): Zero
  /** Undefined: the clients have not begun to send. */
  readonly begun: Zero | undefined
}

export function createRunZero(clock: Clock): RunZero {
  let zero: Zero | undefined
  return {
    get begun() {
      return zero
    },
    begin: () =>
      (zero ??= { epochMs: clock.now(), at: new Date(clock.wallTimeMs()).toISOString() }),
  }
}
