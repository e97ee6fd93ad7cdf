import type { LockedUntil, UnlockableId } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import type { LabProgress } from './progress-store.ts'

/** Whether the variable `UNHAPPY_UNLOCK` unlocks every part of every lab: for instructors. Throws {@link InputError}. */
export function showsAllLabs(environment: Readonly<Record<string, string | undefined>>): boolean {
  const value = environment['UNHAPPY_UNLOCK'] ?? ''
  if (value === '' || value === 'all') return value === 'all'
  throw new InputError(`UNHAPPY_UNLOCK is "${shortened(value)}", which is not valid.`, {
    remedy: 'Set it to all, or do not set it.',
  })
}

/** What unlocks each part by itself. */
const keys: Readonly<Record<UnlockableId, LockedUntil>> = {
  run: 'the verdict',
  look: 'the verdict',
  explain: 'your explanation',
  after: 'held',
  solution: 'held',
}

const unlockableIds = Object.keys(keys) as readonly UnlockableId[]

/**
 * What a part of a lab waits for; undefined: the learner may read it. A part that says more than the learner has found out
 * would take the next question away. The learner can ask for it earlier: the request is kept with the progress.
 */
export function lockOf(progress: LabProgress, part: string): LockedUntil | undefined {
  const id = unlockableIds.find((known) => known === part)
  if (id === undefined || progress.unlocked?.[id] !== undefined) return undefined
  if (isReached(progress, keys[id])) return undefined
  // An explanation of a run that has not happened explains nothing.
  return id === 'explain' && !wasMeasured(progress) ? 'the verdict' : keys[id]
}

function isReached(progress: LabProgress, key: LockedUntil): boolean {
  const held = progress.outcomes.some(({ outcome }) => outcome === 'held')
  if (held) return true
  if (key === 'the verdict') return wasMeasured(progress)
  return key === 'your explanation' && progress.explanation !== undefined && wasMeasured(progress)
}

/** Whether a run has shown the learner which answer is right. An inconclusive run shows nothing. */
export function wasMeasured(progress: Pick<LabProgress, 'outcomes'>): boolean {
  return progress.outcomes.some(({ outcome }) => outcome !== 'inconclusive')
}
