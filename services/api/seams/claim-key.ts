import type { Transaction } from '#services/lib/database.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { parseAnswer } from '../orders/order.ts'
import type { Answer } from '../orders/order.ts'
import type { Claim, ClaimKey } from '../seams.ts'

/**
 * One INSERT checks and claims the key. Of two requests at once, Postgres makes one wait until the
 * other has committed; then the waiting one finds the stored response. If the first fails, its
 * claim is rolled back with its transaction, and the second one owns the key.
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

async function earlierAnswer(
  { key, requestHash }: Claim,
  transaction: Transaction,
): Promise<Answer> {
  const { rows } = await transaction.query<{ readonly hash: string }>(
    `SELECT request_hash AS hash, response_status AS status, response_body AS body
     FROM idempotency_keys WHERE key = $1`,
    [key],
  )
  const earlier = rows[0]
  if (earlier === undefined) throw new Error(`The claim of key ${key} is gone.`)
  if (earlier.hash !== requestHash)
    throw new Refusal('key-reused', 'This key was used for another request.', {
      status: 422,
      definite: true,
    })
  const answer = parseAnswer(earlier)
  if (answer === undefined) throw new Error(`The stored response of key ${key} is not a response.`)
  return answer
}
