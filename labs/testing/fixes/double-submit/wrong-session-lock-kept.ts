// Breaks: "If the first request fails, it leaves no claim: a retry with the key can place the order."
// When: the first request fails after the lock and its transaction is rolled back. pg_try_advisory_lock belongs to the
// session, not to the transaction: the pooled connection keeps it, and every retry on another connection or instance
// receives 409 `in-progress` although nothing is in progress, until that connection is closed. After a success nobody
// notices, because the stored response is read before the lock. (Slow leak: one lock per order and connection.)
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  const { rows } = await transaction.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [claim.key],
  )
  if (rows[0]?.locked !== true) throw inProgress()
  // The first request may have ended between the SELECT and the lock.
  const meanwhile = await earlierAnswer(claim, transaction)
  if (meanwhile !== undefined) return meanwhile
  if (!(await insert(claim, transaction))) throw inProgress()
  return undefined
}

const inProgress = (): Refusal =>
  new Refusal('in-progress', 'The first request with this key is in progress.', {
    status: 409,
    definite: false,
  })

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
