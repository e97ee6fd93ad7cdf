// Breaks "A request with the key of a placed order receives the stored response." Keys older than
// ten seconds are thrown away, "so the table does not grow". A customer whose phone retries after 30
// seconds (or clicks again after a coffee) gets a second order and is charged twice. Two clicks at
// the same moment are handled right.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  // A double click is over after seconds. Old keys only make the table grow.
  await transaction.query(
    `DELETE FROM idempotency_keys
     WHERE key = $1 AND created_at < clock_timestamp() - interval '10 seconds'`,
    [claim.key],
  )
  if (await insert(claim, transaction)) return undefined
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  throw new Refusal('in-progress', 'A request with this key is in progress.', {
    status: 409,
    definite: false,
    retryAfterSeconds: 1,
  })
}

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
