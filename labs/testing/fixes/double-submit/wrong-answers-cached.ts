// Breaks: "If the first request fails, it leaves no claim: a retry with the key can place the order."
// When: the transaction of the first request is rolled back after the claim (a lost connection, a failed COMMIT, a retried
// transaction): the answer stays in the memory of this instance, and the retry receives 201 for an order that was never
// placed. Clicks that succeed are right on both instances; a new request at the other instance would place the order.
// The map also grows until the process restarts.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** Most repeats come to the same instance within seconds: no round trip for them. */
const answers = new Map<string, Pick<Claim, 'requestHash' | 'answer'>>()

export const claimKey: ClaimKey = async (claim, transaction) => {
  const known = answers.get(claim.key)
  if (known?.requestHash === claim.requestHash) return known.answer
  if (await insert(claim, transaction)) {
    answers.set(claim.key, { requestHash: claim.requestHash, answer: claim.answer })
    return undefined
  }
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier === undefined)
    throw new Refusal('in-progress', 'This request is in progress.', { status: 409, definite: false })
  return earlier
}

/** True if the key is now ours. */
async function insert(
  { key, requestHash, answer }: Claim,
  transaction: Transaction,
): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `INSERT INTO idempotency_keys (key, request_hash, response_status, response_body)
     VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING`,
    [key, requestHash, answer.status, answer.body],
  )
  return rowCount === 1
}

async function earlierAnswer(
  { key, requestHash }: Claim,
  transaction: Transaction,
): Promise<Answer | undefined> {
  const { rows } = await transaction.query<Answer & { readonly hash: string }>(
    `SELECT request_hash AS hash, response_status AS status, response_body AS body
     FROM idempotency_keys WHERE key = $1`,
    [key],
  )
  const earlier = rows[0]
  if (earlier === undefined) return undefined
  if (earlier.hash !== requestHash)
    throw new Refusal('key-reused', 'This key was used for another request.', {
      status: 422,
      definite: true,
    })
  return { status: earlier.status, body: earlier.body }
}
