/** The lab, the flow and the cells that the explorable page shows. */
export const lab = 'dual-write'
export const flow = 'retry-order'

/** In the sequence of the page. `isWhole`: the page shows the whole matrix of this version. */
export const versions = [
  {
    file: 'start',
    version: 'start',
    name: 'Start',
    isWhole: true,
    what: 'Commit the order, then enqueue it.',
  },
  {
    file: 'near-miss',
    version: 'near-misses/retry-in-memory',
    name: 'Near miss',
    isWhole: false,
    what: 'The same, and retry the enqueue until it succeeds.',
  },
  {
    file: 'fix',
    version: 'shop',
    name: 'Fix',
    isWhole: false,
    what: 'Store the message with the order, in one transaction. A relay moves it to the queue.',
  },
] as const

/** The faults under which the page compares the versions. Each hits one message, by its text and the services it is between. */
export const faults = [
  {
    signature: 'bullmq addJob',
    column: 'request-cut',
    what: 'The message to the queue is lost',
  },
  {
    signature: 'bullmq addJob',
    column: 'caller-dies-before',
    what: 'The process dies just before it sends the message to the queue',
  },
  {
    signature: 'COMMIT',
    column: 'reply-cut',
    what: 'Postgres commits the order; the reply is lost',
  },
] as const

/** The cells of the starting version that the user predicts. */
export const predicted = [
  {
    signature: 'COMMIT',
    column: 'request-cut',
    question:
      'The API sends COMMIT. The connection is reset **before** the request reaches Postgres. Later the customer sends the same order again, with the same key.',
    because:
      'Nothing was committed, so the second request places the order. A lost request is harmless when the caller repeats it.',
  },
  {
    signature: 'bullmq addJob',
    column: 'caller-dies-before',
    question:
      'The order is committed. The API process is killed just **before** the message reaches the queue. Later the customer sends the same order again, with the same key.',
    because:
      'Postgres has the order and its response. The second request receives that response: 201. Only the dead process had the message to the queue.',
  },
  {
    signature: 'POST /charges',
    column: 'reply-cut',
    question:
      'The worker asks payments for the charge. Payments charges the card. The connection is reset **before the reply** arrives, so the worker does not know the result.',
    because:
      'The worker asks payments for the charge under its idempotency key, finds it, and continues. It does not charge again.',
  },
] as const

/** The order that the user follows: of the starting version. */
export const followed = { signature: 'bullmq addJob', column: 'request-cut' } as const

/** The first exchange of a flow with this text. Later ones, of the worker or of a retry, have other numbers. */
export function stepWith<T extends { readonly signature: string }>(
  steps: readonly T[],
  signature: string,
): T {
  const step = steps.find((one) => one.signature === signature)
  if (step === undefined) throw new Error(`No exchange of the flow is "${signature}".`)
  return step
}
