import type { LearningEvidence } from '#chaos/contracts/api.ts'

import { calibrationOf, shareOf, type Forecast } from './calibration.ts'
import { evidenceSentences } from './evidence-sentences.ts'

/** The part of a lab's record that shows learning. `lab export` has it. */
export interface EvidenceRecord {
  readonly id: string
  readonly prediction: {
    readonly confidence: number
    /** Null or absent: no run has shown which answer is right. */
    readonly right?: boolean | null
  } | null
  /** Absent in exports of older versions. */
  readonly transfer?: { readonly now?: Forecast; readonly later?: Forecast }
}

/** What the records of one or several learners show. */
export function evidenceOf(learners: readonly (readonly EvidenceRecord[])[]): LearningEvidence {
  const labs = [...Map.groupBy(learners.flat(), ({ id }) => id)]
    .map(([id, records]) => ({ id, ...forecastsIn(records) }))
    .filter(({ predictions, now }) => predictions.length > 0 || now.length > 0)
  const all = forecastsIn(learners.flat())
  const evidence = {
    learners: learners.length,
    predictions: calibrationOf(all.predictions),
    transfer: {
      now: shareOf(all.now),
      later: shareOf(all.later),
      calibration: calibrationOf([...all.now, ...all.later]),
    },
    labs: labs.map(({ id, predictions, now, later }) => ({
      id,
      predictions: shareOf(predictions),
      now: shareOf(now),
      later: shareOf(later),
    })),
  }
  return { ...evidence, sentences: evidenceSentences(evidence) }
}

function forecastsIn(records: readonly EvidenceRecord[]) {
  return {
    predictions: records.flatMap(({ prediction }) =>
      prediction === null || prediction.right === undefined || prediction.right === null
        ? []
        : [{ confidence: prediction.confidence, right: prediction.right }],
    ),
    now: records.flatMap(({ transfer }) => transfer?.now ?? []),
    later: records.flatMap(({ transfer }) => transfer?.later ?? []),
  }
}
