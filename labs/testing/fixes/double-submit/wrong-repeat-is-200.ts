// Breaks: "every request with that key receives the same response" and "receives the stored response".
// When: always for a repeated request: it receives 200 instead of the stored 201 ("nothing was created this time"). A
// client that waits for 201 takes its retry for a failure and does not know that it has an order. The order itself, the
// charge and the body are right.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  if (await insert(claim, transaction)) return undefined
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier === undefined)
    throw new Refusal('in-progress', 'This request is in progress.', { status: 409, definite: false })
  // 201 is for the request that created the order. A repeat is a plain success.
  return earlier.status === 201 ? { ...earlier, status: 200 } : earlier
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
