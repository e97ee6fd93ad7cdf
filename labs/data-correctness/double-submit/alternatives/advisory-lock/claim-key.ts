import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/**
 * Right, by another design: a lock for a row that does not exist yet. Postgres holds it until the
 * end of the transaction, so the second request reads when the first one has committed or rolled
 * back.
 */
export const claimKey: ClaimKey = async (claim, transaction) => {
  await lock(claim.key, transaction)
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier === undefined) await insert(claim, transaction)
  return earlier
}

async function lock(key: string, transaction: Transaction): Promise<void> {
  try {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key])
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

async function insert(
  { key, requestHash, answer }: Claim,
  transaction: Transaction,
): Promise<void> {
  await transaction.query(
    `INSERT INTO idempotency_keys (key, request_hash, response_status, response_body)
     VALUES ($1, $2, $3, $4)`,
    [key, requestHash, answer.status, answer.body],
  )
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
