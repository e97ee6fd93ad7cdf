/** How a seam broke its promise. */
export interface Breach {
  readonly expected: string
  readonly actual: string
}

/** The result of one contract probe. */
export interface ProbeReport {
  readonly seam: string
  readonly lab: string
  readonly name: string
  readonly promise: string
  readonly outcome: 'held' | 'violated' | 'undecided'
  /** Only of `violated`. */
  readonly breach?: Breach
  /** Only of `undecided`: why the probe cannot tell. */
  readonly reason?: string
}
