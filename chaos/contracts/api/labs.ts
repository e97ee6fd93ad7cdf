import type { Lab } from '../lab.ts'
import type { ApiError } from './error.ts'
import type { TransferDue } from './learning.ts'
import type { RunSummary } from './runs.ts'

export interface LabSummary {
  readonly id: string
  readonly track: Lab['track']
  readonly title: string
  readonly minutes: number
  readonly state: 'new' | 'started' | 'violated' | 'held'
  readonly hintsUsed: number
  /** What breaks: half a sentence without a full stop. */
  readonly breaks: string
  /** What the learner learns: half a sentence without a full stop. */
  readonly lesson: string
  /** Place in the learning path, from 1. The list of all labs is in this order. */
  readonly position: number
  /** The first lab of the path that does not hold. */
  readonly next: boolean
  /** The question about unfamiliar code. */
  readonly transfer: TransferDue
}

/** The sections of a lab's README, in this order. */
export type LabSectionId =
  | 'story'
  | 'goal'
  | 'predict'
  | 'run'
  | 'look'
  | 'explain'
  | 'fix'
  | 'check'

/** What the learner can unlock on request. `explain` also unlocks the stories of the verdicts. */
export type UnlockableId = 'run' | 'look' | 'explain' | 'after' | 'solution'

/** What unlocks a part: a run of the own code that was violated or held; the own explanation; a run that held. */
export type LockedUntil = 'the verdict' | 'your explanation' | 'held'

export interface LabSection {
  readonly id: LabSectionId
  readonly title: string
  /** Without its heading. Absent while the section is locked. */
  readonly markdown?: string
  /** Present while the section is locked. */
  readonly lockedUntil?: LockedUntil
}

/** The five lenses in the learner's own words. An empty text: not yet written. */
export interface Lenses {
  readonly contract: string
  readonly truth: string
  readonly failure: string
  readonly blastRadius: string
  readonly tradeOff: string
}

export interface LabView extends LabSummary {
  readonly goal: string
  readonly seams: Lab['seams']
  /** Folder of the learner's files, relative to the project root. */
  readonly workFolder: string
  readonly files: readonly { readonly path: string; readonly modifiedAt: string }[]
  /** Markdown: the README without the sections that are still locked. */
  readonly readme: string
  readonly sections: readonly LabSection[]
  /** The parts outside of the README that are still locked: `GET .../after` and `GET .../solution` respond 403. */
  readonly locked: readonly { readonly id: 'after' | 'solution'; readonly until: LockedUntil }[]
  /** Why the stories of the verdicts are not in this learner's runs; null: they are. */
  readonly storyLockedUntil: LockedUntil | null
  readonly question: string
  readonly answers: readonly string[]
  readonly prediction: {
    readonly answer: number
    readonly confidence: number
    readonly at: string
  } | null
  /**
   * Present after a run that was violated or held: the index of the right answer, and why it is right. `because` is empty until
   * the learner's explanation.
   */
  readonly outcomeOfPrediction: { readonly right: number; readonly because: string } | null
  readonly explanation: string | null
  readonly hints: readonly string[]
  readonly hintsTotal: number
  /** Empty while `after` is locked. */
  readonly learned: readonly string[]
  readonly lenses: Lenses
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

/** Unlocks a part before its time. The request is kept with the progress. */
export interface UnlockBody {
  readonly section: UnlockableId
}

/** The learner's files, and what they need to be read. */
export interface LabCode {
  /** One per seam that was started. */
  readonly files: readonly LabCodeFile[]
  /** Types that the seams use, with their comments. */
  readonly types: readonly {
    readonly title: string
    readonly path: string
    readonly text: string
  }[]
  /** Files of the shop that the unlocked README names. Never the solution. */
  readonly shopFiles: readonly { readonly path: string; readonly text: string }[]
}

export interface LabCodeFile {
  readonly seam: string
  /** From the project's root. */
  readonly path: string
  readonly text: string
  /** SHA-256 of the text, in hexadecimal. */
  readonly version: string
}

export interface SaveBody {
  readonly text: string
  /** The `version` that the change started from. */
  readonly basedOn: string
}

export interface SavedFile {
  readonly version: string
}

/** Status 409: the file on disk is not the one that the change started from. Nothing was written. */
export interface SaveConflict extends ApiError {
  /** What is on disk. */
  readonly text: string
  readonly version: string
}

export interface DiagnosticsBody {
  readonly text: string
  /** Absent: the lab's first seam. */
  readonly seam?: string
}

/** A place in the text that the compiler or the loader objects to. Lines and columns count from 1; the end is exclusive. */
export interface Diagnostic {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** `types`: the type checker. `import`: what loading the file would fail with. */
  readonly source: 'types' | 'import'
}

export interface Diagnostics {
  readonly diagnostics: readonly Diagnostic[]
  readonly tookMs: number
  /** `starting`: the type checker is not ready. Ask again. `unavailable`: it cannot run here; `reason` says why. */
  readonly state: 'ready' | 'starting' | 'unavailable'
  readonly reason?: string
}

/** A position in the text. Line and column count from 1. */
export interface PositionBody extends DiagnosticsBody {
  readonly line: number
  readonly column: number
}

export interface Completions {
  readonly items: readonly Completion[]
  readonly state: Diagnostics['state']
}

export interface Completion {
  readonly label: string
  /** `function`, `property`, `variable`, ...: a kind of the Language Server Protocol in lower case. */
  readonly kind: string
  readonly detail?: string
  /** The text to insert, if it is not the label. */
  readonly insert?: string
}

export interface Hover {
  /** Markdown; null: there is nothing at this position. */
  readonly markdown: string | null
  readonly state: Diagnostics['state']
}
