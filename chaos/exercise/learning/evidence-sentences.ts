import type { Calibration, LearningEvidence, Share } from '#chaos/contracts/api.ts'

/** Fewer answers say nothing about calibration: one more right answer would change the picture. */
const answersMin = 5
/** Percentage points. A smaller difference is within what chance does with a handful of answers. */
const differenceMin = 10

/** The evidence in words, most important first. */
export function evidenceSentences({
  learners,
  predictions,
  transfer,
}: Omit<LearningEvidence, 'sentences'>): readonly string[] {
  const who = learners === 1 ? 'You were' : 'The learners were'
  return [
    predictions.answered === 0
      ? 'No prediction has been measured yet.'
      : `${ofAll(predictions)} predictions were right.`,
    ...calibrationSentences(predictions, 'predictions', who),
    transfer.calibration.answered === 0
      ? 'No question about unfamiliar code has been answered yet.'
      : `In unfamiliar code ${ofAll(transfer.now)} answers were right after the lab${
          transfer.later.answered === 0 ? '' : `, and ${ofAll(transfer.later)} a week later`
        }.`,
    ...calibrationSentences(transfer.calibration, 'answers about unfamiliar code', who),
  ]
}

function calibrationSentences(
  { answered, right, confidence, brier }: Calibration,
  what: string,
  who: string,
): readonly string[] {
  if (confidence === null || brier === null) return []
  if (answered < answersMin)
    return [`${answersMin} ${what} are needed to judge how sure to be. So far: ${answered}.`]
  const hits = (right / answered) * 100
  const difference = Math.round(confidence - hits)
  const judged =
    Math.abs(difference) < differenceMin
      ? 'about as sure as the results allow'
      : `${Math.abs(difference)} points too ${difference > 0 ? 'sure' : 'unsure'}`
  return [
    `${who} ${Math.round(confidence)} % sure on average and right in ${Math.round(hits)} %: ${judged}.`,
    `The Brier score is ${brier.toFixed(2)}: 0 is perfect, and 50 % for every answer gives 0.25.`,
  ]
}

function ofAll({ right, answered }: Share): string {
  return `${right} of ${answered}`
}
