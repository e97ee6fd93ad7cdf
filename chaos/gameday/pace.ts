/** The times of a game day, in milliseconds. */
export interface Pace {
  /** Between two incidents. */
  readonly pauseMs: readonly [min: number, max: number]
  /** From the moment when an incident opens until its first fault. */
  readonly quietMs: readonly [min: number, max: number]
  /** Final answers are accepted after this time. It says nothing about {@link quietMs}. */
  readonly shortestMs: number
  readonly limitMs: number
}

/** When the checks judge a mitigation, in milliseconds. */
export interface JudgingTimes {
  /** The checks must hold for this long without a break. */
  readonly windowMs: number
  /** They must do so within this time. */
  readonly withinMs: number
  /** When the incident is repeated: the time until the same actions are repeated. */
  readonly replayAfterMs: number
}

export const usualPace: Pace = {
  pauseMs: [10_000, 30_000],
  quietMs: [10_000, 45_000],
  shortestMs: 75_000,
  limitMs: 360_000,
}

export const usualJudging: JudgingTimes = {
  windowMs: 8_000,
  withinMs: 60_000,
  replayAfterMs: 12_000,
}

/** Short times: to try the commands, and for tests. */
export const briskPace: Pace = {
  pauseMs: [500, 1_000],
  quietMs: [6_000, 7_000],
  shortestMs: 8_000,
  limitMs: 120_000,
}

export const briskJudging: JudgingTimes = {
  windowMs: 6_000,
  withinMs: 45_000,
  replayAfterMs: 10_000,
}
