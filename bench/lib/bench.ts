export interface BenchOptions {
  /** How often everything is measured; each bench has its own default. */
  readonly rounds?: number
  /** Names, or parts of names, of what to measure; empty: everything. */
  readonly only: readonly string[]
  /** Names of whom to measure; empty: everybody. */
  readonly targets: readonly string[]
  /** A JSON file for the figures. */
  readonly save?: string
  /** An earlier such file: its medians are shown beside the new ones. */
  readonly compare?: string
}

export interface Bench {
  readonly name: string
  /** One line: what it measures. */
  readonly description: string
  run(options: BenchOptions): Promise<void>
}
