import type { Lab } from '#chaos/contracts/lab.ts'
import { dualWrite } from '#labs/data-correctness/dual-write/lab.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

/** What a learner does in a lab. */
export interface LabPlan {
  readonly lab: Lab
  /** The learner's words after the first violated run. */
  readonly explanation: string
  /** The fix: parts of lines and what is typed instead. */
  readonly edits: readonly { readonly before: string; readonly after: string }[]
}

export const labPlans: readonly LabPlan[] = [
  {
    lab: labZero,
    explanation: 'The cache is only a copy, but its error leaves the function and fails the read.',
    edits: [{ before: 'await cache.get(sku)', after: 'await cache.get(sku).catch(cacheFailed)' }],
  },
  {
    lab: dualWrite,
    explanation: 'The order is committed, and api-1 is killed before it has enqueued the job.',
    edits: [
      { before: 'const { answer, order }', after: 'const { answer }' },
      {
        before: 'await shop.save(transaction, order)',
        after: 'await shop.save(transaction, order)\nawait shop.outbox.write(transaction, order)',
      },
      {
        before: 'if (order !== undefined) await shop.queue.enqueue(order)',
        after: '// The relay enqueues what is in the outbox.',
      },
    ],
  },
]
