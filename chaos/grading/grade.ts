import type { CheckResult, Story, VerdictOutcome } from '#chaos/contracts/check.ts'

/** `broken`: the code cannot be judged. It does not load, or it ends or fills the sandbox. */
export type GradeOutcome = VerdictOutcome | 'broken'

/** The result of one lab of one submission. */
export interface Grade {
  readonly outcome: GradeOutcome
  /** One line. */
  readonly headline: string
  /** Empty for `broken`. */
  readonly checks: readonly Pick<CheckResult, 'name' | 'title' | 'outcome' | 'summary'>[]
  readonly reasons: readonly string[]
  readonly story?: Story
  /** Absent: no run took place. */
  readonly seed?: number
  /** How long it took, in milliseconds. */
  readonly tookMs: number
}

/** A grade, and whose it is. */
export interface GradedLab {
  readonly learner: string
  /** Name of the handed-in file. */
  readonly file: string
  readonly lab: string
  readonly grade: Grade
}

/** The names of the checks that found something. */
export function violatedChecks({ checks }: Pick<Grade, 'checks'>): readonly string[] {
  return checks.filter(({ outcome }) => outcome === 'violated').map(({ name }) => name)
}
