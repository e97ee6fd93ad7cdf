// Breaks: "If the first request fails, it leaves no claim: a retry with the key can place the order."
// When: the first request fails after the claim (the api dies, the INSERT of the order fails, Postgres is lost): the claim
// is committed on its own, with a stored 201. The retry receives the confirmation of an order that does not exist. Two
// clicks are right: one order and one response. (The second can even get its 201 before the order is placed.)
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  const ours = await insert(claim, transaction)
  // Let the second click see the claim at once, instead of waiting for the end of our transaction.
  await transaction.query('COMMIT')
  await transaction.query('BEGIN')
  return ours ? undefined : await earlierAnswer(claim, transaction)
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
