// Breaks: "That 409 is never definite (`definite: false`), because the first request may still place the order."
// When: the second click arrives while the first one runs: its 409 says that the order will certainly never be placed. The
// client does not retry and tells the customer so, or orders again under a new key; the first click then places and
// charges the order. One order per key, and repeats after the end of the first are right.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  const { rows } = await transaction.query<{ first: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS first',
    [claim.key],
  )
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  // This request certainly does nothing: the other one has the key.
  if (rows[0]?.first !== true || !(await insert(claim, transaction)))
    throw new Refusal('in-progress', 'Another request with this key is in progress.', {
      status: 409,
      definite: true,
    })
  return undefined
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
