import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/**
 * Plausible: the key identifies the request, so it compares only the key. Fails
 * `same-key-same-answer`: a request that uses the key for another order receives the response for
 * the first order.
 */
export const claimKey: ClaimKey = async (claim, transaction) =>
  (await insert(claim, transaction)) ? undefined : await earlierAnswer(claim, transaction)

async function insert(
  { key, requestHash, answer }: Claim,
  transaction: Transaction,
): Promise<boolean> {
  try {
    const { rowCount } = await transaction.query(
      `INSERT INTO idempotency_keys (key, request_hash, response_status, response_body)
       VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING`,
      [key, requestHash, answer.status, answer.body],
    )
    return rowCount === 1
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    // Not definite: the request that owns the key now may still place the order.
    throw new Refusal('in-progress', 'Another request with this key is in progress.', {
      status: 409,
      definite: false,
      retryAfterSeconds: 1,
      cause: error,
    })
  }
}

const lockNotAvailable = '55P03'

async function earlierAnswer({ key }: Claim, transaction: Transaction): Promise<Answer> {
  const { rows } = await transaction.query<Answer>(
    `SELECT response_status AS status, response_body AS body
     FROM idempotency_keys WHERE key = $1`,
    [key],
  )
  const earlier = rows[0]
  if (earlier === undefined) throw new Error(`The claim of key ${key} is gone.`)
  return { status: earlier.status, body: earlier.body }
}
