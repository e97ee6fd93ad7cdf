// Right: the INSERT is the first statement, and its row count decides. It waits for another transaction with this key: if
// that one commits, 0 rows are inserted and the next statement sees its row (hash checked); if it fails, the key is ours.
// The claim is part of the order's transaction, so a failed order leaves none.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  if (await insert(claim, transaction)) return undefined
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  // The row that was in the way is not visible (or was removed): we cannot say what became of it.
  throw new Refusal('in-progress', 'Another request with this key is in progress.', {
    status: 409,
    definite: false,
  })
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
