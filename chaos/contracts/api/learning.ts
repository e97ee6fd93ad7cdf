/** `now`: the first question after a held verdict. `later`: the second one, a week after the first answer. */
export type TransferStep = 'now' | 'later'

/** `locked`: the lab does not hold yet. `waiting`: the second question comes later. */
export type TransferState = 'locked' | 'due' | 'waiting' | 'done'

export interface TransferDue {
  readonly state: TransferState
  /** Since when the question is due, or from when it will be; null: locked or done. */
  readonly dueAt: string | null
}

/** Unfamiliar code, and what to choose from. Without the answer. */
export interface TransferQuestion {
  readonly step: TransferStep
  readonly title: string
  /** What the code runs in, and what the learner may rely on. */
  readonly setting: string
  readonly code: string
  /** Calls in the code, by line. */
  readonly messages: readonly TransferMessage[]
  readonly choices: readonly { readonly id: string; readonly says: string }[]
}

export interface TransferMessage {
  /** From 1, in the sequence of the lines. */
  readonly number: number
  /** Line of the code, from 1. */
  readonly line: number
  readonly says: string
}

export interface TransferAnswer {
  /** Number of a message; 0: none of them. */
  readonly message: number
  /** Id of a choice. */
  readonly choice: string
  /** Percent, 0 to 100. */
  readonly confidence: number
}

export interface TransferBody extends TransferAnswer {
  readonly step: TransferStep
}

/** An answered question with what was right. */
export interface AnsweredTransfer {
  readonly question: TransferQuestion
  readonly answer: TransferAnswer & { readonly right: boolean; readonly at: string }
  readonly right: {
    /** Each of them is right. Empty: none of the messages. */
    readonly messages: readonly number[]
    readonly choice: string
  }
  /** Why each wrong choice is wrong. */
  readonly wrong: readonly { readonly choice: string; readonly because: string }[]
  readonly explanation: string
  /** Where else the same failure mode appears. */
  readonly elsewhere: readonly string[]
}

/** The same failure mode in unfamiliar code. */
export interface TransferView extends TransferDue {
  readonly lab: string
  /** The question that is due; null: none is. */
  readonly question: TransferQuestion | null
  readonly answered: readonly AnsweredTransfer[]
}

/** How many answers were right. */
export interface Share {
  readonly right: number
  readonly answered: number
}

/** How sure learners were, and how often they were right. */
export interface Calibration extends Share {
  /** Mean confidence in percent; null: no answers. */
  readonly confidence: number | null
  /** Mean squared difference between confidence and result: 0 is perfect, 0.25 is what 50 % each time gives. */
  readonly brier: number | null
  /** By confidence, in percent, from lowest to highest. `to` is included in the last band only. */
  readonly bands: readonly (Share & { readonly from: number; readonly to: number })[]
}

/** What a learner or a group has shown so far. */
export interface LearningEvidence {
  readonly learners: number
  /** Predictions before the first run, in every lab that was measured. */
  readonly predictions: Calibration
  readonly transfer: {
    readonly now: Share
    readonly later: Share
    readonly calibration: Calibration
  }
  /** Labs with at least one answer. */
  readonly labs: readonly {
    readonly id: string
    readonly predictions: Share
    readonly now: Share
    readonly later: Share
  }[]
  /** The same in words. */
  readonly sentences: readonly string[]
}
