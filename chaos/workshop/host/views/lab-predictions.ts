import type { Lab } from '#chaos/contracts/lab.ts'
import type { LabPredictions } from '#chaos/contracts/workshop.ts'

import type { LabState, WorkshopState } from '../store/workshop-state.ts'

/** The predictions of one lab beside the first verdicts of the learners' own code. */
export function labPredictions(
  { learners, revealed }: Pick<WorkshopState, 'learners' | 'revealed'>,
  lab: Lab,
): LabPredictions {
  const states = [...learners.values()].flatMap(({ labs }) => labs.get(lab.id) ?? [])
  const predictions = states.flatMap(({ prediction }) => prediction ?? [])
  const { question, answers, right, because } = lab.prediction
  return {
    lab: lab.id,
    title: lab.title,
    question,
    answers: answers.map((text, index) => {
      const same = predictions.filter(({ answer }) => answer === index)
      const sum = same.reduce((before, { confidence }) => before + confidence, 0)
      return {
        text,
        count: same.length,
        confidence: same.length === 0 ? null : Math.round(sum / same.length),
      }
    }),
    total: predictions.length,
    right,
    because,
    ...firstVerdicts(states),
    isRevealed: revealed.has(lab.id),
  }
}

function firstVerdicts(
  states: readonly LabState[],
): Pick<LabPredictions, 'firstVerdicts' | 'failed'> {
  const counts = { held: 0, violated: 0, inconclusive: 0 }
  // A learner's program chooses the names: as members of an object, some would have a meaning.
  const failed = new Map<string, number>()
  for (const { firstVerdict } of states) {
    if (firstVerdict === undefined) continue
    counts[firstVerdict.outcome]++
    for (const check of firstVerdict.failed ?? []) failed.set(check, (failed.get(check) ?? 0) + 1)
  }
  return { firstVerdicts: counts, failed: Object.fromEntries(failed) }
}
