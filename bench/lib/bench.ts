import type { FigureRow } from './rounds.ts'

export interface BenchOptions {
  /** How often everything is measured; each bench has its own default. */
  readonly rounds?: number
  /** Names, or parts of names, of what to measure; empty: everything. */
  readonly only: readonly string[]
  /** Names of whom to measure; empty: everybody. */
  readonly targets: readonly string[]
  readonly progress: (text: string) => void
  readonly signal: AbortSignal
}

/** What has to be reached; each is a median over the rounds of one run. */
export interface Goal {
  readonly text: string
  /** NaN when it was not measured. */
  readonly value: (rows: readonly FigureRow[]) => number
  readonly atLeast?: number
  readonly atMost?: number
}

export interface Bench {
  readonly name: string
  /** One line: what it measures. */
  readonly description: string
  /** The target that the others are compared with. */
  readonly base: string
  readonly goals: readonly Goal[]
  measure(options: BenchOptions): Promise<readonly FigureRow[]>
}
