/** Between the runtime and the preloaded program: a file for each instance, and a line in its log. */

/** Variable with the path of the instance's file. */
export const clockFileVariable = 'UNHAPPY_CLOCK_FILE'

/** How much the wall clock of an instance differs, until its lease ends. Several add up. */
export interface Skew {
  readonly id: string
  readonly offsetMs: number
  /** What the clock gains in each second, in seconds. */
  readonly drift: number
  /** By the real clock, in milliseconds since 1970. */
  readonly sinceMs: number
  readonly untilMs: number
}

/** The message of the log line by which a process says that it has read its file. */
export const clockChanged = 'clock changed'

export interface ClockChange {
  readonly msg: typeof clockChanged
  /** The ids of the skews in effect. */
  readonly skews: readonly string[]
  /** What `new Date()` returns in this process, as ISO 8601. */
  readonly now: string
}

export function formatSkews(skews: readonly Skew[]): string {
  return skews.length === 0 ? '' : JSON.stringify(skews)
}

/** Undefined: the file is being written at this moment. */
export function parseSkews(text: string): readonly Skew[] | undefined {
  try {
    return text === '' ? [] : (JSON.parse(text) as readonly Skew[])
  } catch {
    return undefined
  }
}

/** The change that a log line reports; undefined for any other line. */
export function clockChangeOf(line: string): ClockChange | undefined {
  if (!line.includes(clockChanged)) return undefined
  try {
    const parsed = JSON.parse(line) as Partial<ClockChange>
    return parsed.msg === clockChanged ? (parsed as ClockChange) : undefined
  } catch {
    return undefined
  }
}

/** The time of a clock with these skews when the real clock shows `realMs`. A skew whose lease has ended counts no more. */
export function skewedMs(realMs: number, skews: readonly Skew[]): number {
  let ms = realMs
  for (const { offsetMs, drift, sinceMs, untilMs } of skews)
    if (realMs < untilMs) ms += offsetMs + drift * (realMs - sinceMs)
  return Math.round(ms)
}
