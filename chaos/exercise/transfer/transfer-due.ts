import type { TransferDue, TransferStep } from '#chaos/contracts/api.ts'

import type { LabProgress } from '../progress-store.ts'

/** A week after the first answer, much of what was only recognised is forgotten. */
export const laterAfterMs = 7 * 24 * 3_600_000

/** Which question the learner can answer now, and when the next one is due. */
export function transferDue(
  progress: Pick<LabProgress, 'outcomes' | 'transfer'>,
  nowMs: number,
): TransferDue & { readonly step: TransferStep | undefined } {
  const held = progress.outcomes.find(({ outcome }) => outcome === 'held')
  if (held === undefined) return { state: 'locked', dueAt: null, step: undefined }
  const { now, later } = progress.transfer ?? {}
  if (now === undefined) return { state: 'due', dueAt: held.at, step: 'now' }
  if (later !== undefined) return { state: 'done', dueAt: null, step: undefined }
  const dueMs = Date.parse(now.at) + laterAfterMs
  const dueAt = new Date(dueMs).toISOString()
  return nowMs < dueMs
    ? { state: 'waiting', dueAt, step: undefined }
    : { state: 'due', dueAt, step: 'later' }
}
