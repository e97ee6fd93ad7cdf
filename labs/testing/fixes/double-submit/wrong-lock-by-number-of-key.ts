// Breaks: "One `Idempotency-Key` is one order, and every request with that key receives the same response."
// When: the key is not like the `o-1` of the README: the digits of a UUID or a long number do not fit into a bigint
// (22003), and the order fails with 500, at each retry. Keys without digits all share lock 0: customers wait for each other.
// Keys with a short number are right, also at the same moment.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  // Advisory locks need a number: take the one in the key.
  const number = claim.key.replace(/\D/g, '')
  await transaction.query('SELECT pg_advisory_xact_lock($1::bigint)', [number === '' ? '0' : number])
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  if (await insert(claim, transaction)) return undefined
  throw new Refusal('in-progress', 'This request is in progress.', { status: 409, definite: false })
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
