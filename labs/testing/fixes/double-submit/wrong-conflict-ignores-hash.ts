// Breaks: "The same key with *another* body receives 422 `key-reused`, and that is definite" - "also for two requests at
// the same moment".
// When: two different orders with one key arrive at the same moment: the second waits in its INSERT, and then receives the
// response of the first without a look at the hash. The customer has a confirmation (of another product) for an order that
// was never placed. One after the other is right (422), and so are two equal clicks.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  if (await insert(claim, transaction)) return undefined
  // The other click was faster: its response is ours, too.
  const { rows } = await transaction.query<Answer>(
    `SELECT response_status AS status, response_body AS body FROM idempotency_keys WHERE key = $1`,
    [claim.key],
  )
  const first = rows[0]
  if (first === undefined)
    throw new Refusal('in-progress', 'This request is in progress.', { status: 409, definite: false })
  return { status: first.status, body: first.body }
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
