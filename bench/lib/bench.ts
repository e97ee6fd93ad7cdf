import type { FigureRow } from './rounds.ts'

export interface BenchOptions {
  /** The number of rounds; each bench has its own default. */
  readonly rounds?: number
  /** Measure only what has one of these words in its name; empty: everything. */
  readonly only: readonly string[]
  /** Measure only targets with one of these words in their name; empty: all targets. */
  readonly targets: readonly string[]
  readonly progress: (text: string) => void
  readonly signal: AbortSignal
}

/** A bound for a median over the rounds of one run. */
export interface Goal {
  readonly text: string
  /** NaN if it was not measured. */
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
