import type { LabSummary, LabView, Lenses } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'

import { readLabFiles } from './editor/lab-files.ts'
import { noLenses, stateOf, type LabControlOptions } from './lab-view.ts'
import { wasMeasured } from './locks.ts'
import type { LabProgress } from './progress-store.ts'

/** What a learner did in a lab. */
export interface LabRecord {
  readonly v: 1
  readonly kind: 'lab'
  readonly id: string
  readonly title: string
  readonly state: LabSummary['state']
  readonly startedAt: string | null
  readonly question: string
  /** The text of the answer, too. `right` is null until a run was violated or held. */
  readonly prediction:
    | (NonNullable<LabView['prediction']> & {
        readonly text: string
        readonly right: boolean | null
      })
    | null
  readonly explanation: string | null
  readonly lenses: Lenses
  readonly hintsUsed: number
  /** Parts that were unlocked before their time, and when. */
  readonly unlocked: Readonly<Record<string, string>>
  readonly outcomes: LabProgress['outcomes']
  /** Answers about unfamiliar code: after the lab, and a week later. */
  readonly transfer: NonNullable<LabProgress['transfer']>
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** For an export. */
export async function recordOf(
  { home, progress }: LabControlOptions,
  lab: Lab,
): Promise<LabRecord> {
  const of = await progress.of(lab.id)
  return {
    v: 1,
    kind: 'lab',
    id: lab.id,
    title: lab.title,
    state: stateOf(home, lab, of),
    startedAt: of.startedAt ?? null,
    question: lab.prediction.question,
    prediction: judgedPrediction(lab, of),
    explanation: of.explanation ?? null,
    lenses: of.lenses ?? noLenses,
    hintsUsed: of.hintsUsed,
    unlocked: of.unlocked ?? {},
    outcomes: of.outcomes,
    transfer: of.transfer ?? {},
    files: (await readLabFiles(home, lab)).map(({ path, text }) => ({ path, text })),
  }
}

/** The prediction of a lab beside what its runs have shown. */
export function judgedPrediction(
  lab: Lab,
  progress: Pick<LabProgress, 'prediction' | 'outcomes'>,
): LabRecord['prediction'] {
  const { prediction } = progress
  if (prediction === undefined) return null
  const { answers, right } = lab.prediction
  return {
    ...prediction,
    text: answers[prediction.answer] ?? '',
    right: wasMeasured(progress) ? prediction.answer === right : null,
  }
}
