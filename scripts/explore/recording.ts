import type { HistoryLine, Matrix } from '#chaos/xray/matrix.ts'

/** What the explorable page shows of one version of a lab: a real X-ray and a real run of it. A file in `docs/explore/`. */
export interface Recording {
  readonly lab: string
  readonly version: string
  /** The seam file that ran. */
  readonly code: string
  readonly xray: RecordedXray
  readonly run: RecordedRun
}

export interface RecordedXray extends Pick<Matrix, 'flow' | 'mode' | 'startedAt'> {
  readonly node: string
  readonly steps: readonly Pick<Matrix['steps'][number], 'id' | 'link' | 'signature' | 'nth'>[]
  readonly cells: readonly RecordedCell[]
  /** Keys of the exchanges of a run without a fault. */
  readonly known: readonly string[]
}

export type RecordedCell = Pick<
  Matrix['cells'][number],
  'id' | 'result' | 'sameAs' | 'why' | 'story'
> & {
  /** Only of the cells that the page draws. */
  readonly history?: readonly HistoryLine[]
}

export interface RecordedRun {
  readonly startedAt: string
  readonly seed: number
  readonly outcome: string
  readonly headline: string
  readonly checks: readonly {
    readonly title: string
    readonly outcome: string
    readonly summary: string
  }[]
  /** Every order that was acknowledged, in the sequence in which they began. */
  readonly orders: readonly RecordedOrder[]
  readonly faults: readonly {
    readonly label: string
    readonly fromMs: number
    readonly toMs: number
  }[]
}

/** Milliseconds since the clients of the run sent the first request. */
export interface RecordedOrder {
  readonly startMs: number
  readonly attempts: number
  readonly isLost: boolean
}
