import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/**
 * Plausible: the primary key decides, and a request that violates it reads the stored response.
 * Fails `availability`: after an error Postgres rejects all further statements of this transaction,
 * so the second request fails with 500, and so does every retry.
 */
export const claimKey: ClaimKey = async (claim, transaction) => {
  const { key, requestHash, answer } = claim
  try {
    await transaction.query(
      `INSERT INTO idempotency_keys (key, request_hash, response_status, response_body)
       VALUES ($1, $2, $3, $4)`,
      [key, requestHash, answer.status, answer.body],
    )
    return undefined
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error
    return await earlierAnswer(claim, transaction)
  }
}

const uniqueViolation = '23505'

async function earlierAnswer(
  { key, requestHash }: Claim,
  transaction: Transaction,
): Promise<Answer> {
  const { rows } = await transaction.query<Answer & { readonly hash: string }>(
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
  return { status: earlier.status, body: earlier.body }
}
