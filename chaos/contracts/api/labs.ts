import type { Lab } from '../lab.ts'
import type { RunSummary } from './runs.ts'

export interface LabSummary {
  readonly id: string
  readonly track: Lab['track']
  readonly title: string
  readonly minutes: number
  readonly state: 'new' | 'started' | 'violated' | 'held'
  readonly hintsUsed: number
}

export interface LabView extends LabSummary {
  readonly goal: string
  readonly seams: Lab['seams']
  /** Folder of the learner's files, relative to the project root. */
  readonly workFolder: string
  readonly files: readonly { readonly path: string; readonly modifiedAt: string }[]
  /** Markdown. */
  readonly readme: string
  readonly question: string
  readonly answers: readonly string[]
  readonly prediction: {
    readonly answer: number
    readonly confidence: number
    readonly at: string
  } | null
  /** Present after a run that was violated or held: the index of the right answer, and why it is right. */
  readonly outcomeOfPrediction: { readonly right: number; readonly because: string } | null
  readonly explanation: string | null
  readonly hints: readonly string[]
  readonly hintsTotal: number
  readonly learned: readonly string[]
  readonly runs: readonly RunSummary[]
}

export interface PredictionBody {
  readonly answer: number
  /** Percent, 0 to 100. */
  readonly confidence: number
}

/** What gives the solution away: to read after a held verdict, or on request. */
export interface AfterView {
  /** Markdown. */
  readonly text: string
}

export interface SolutionView {
  readonly files: readonly {
    readonly seam: string
    readonly yours: string
    readonly shop: string
    /** Unified diff from start/ to the shop's own file. */
    readonly diff: string
  }[]
}
