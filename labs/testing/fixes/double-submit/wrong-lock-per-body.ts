// Breaks: "One `Idempotency-Key` is one order" and "The same key with *another* body receives 422 `key-reused`".
// When: two requests with one key and DIFFERENT bodies arrive at the same moment: each takes its own lock, neither sees
// the other's row, the second INSERT does nothing, and both orders are placed and charged under one key. Equal clicks
// wait for each other, and reuse after the first has ended gets 422, so the story survives.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  // The same request at the same moment: one after the other, until the end of the transaction.
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1 || ':' || $2, 0))`, [
    claim.key,
    claim.requestHash,
  ])
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier === undefined) await insert(claim, transaction)
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
