import type { Answer } from '#services/api/orders/order.ts'
import type { ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/**
 * The key is claimed by inserting it: of two at once, Postgres lets one wait until the other has committed, and then it
 * finds the answer there. If the first fails, its claim is gone with its transaction, and the second does the work.
 */
export const claimKey: ClaimKey = async (claim, transaction, work) => {
  if (!(await isFirst(claim, transaction))) return await answerOf(claim, transaction)
  const answer = await work()
  await transaction.query(
    'UPDATE idempotency_keys SET response_status = $2, response_body = $3 WHERE key = $1',
    [claim.key, answer.status, answer.body],
  )
  return answer
}

type Claim = Parameters<ClaimKey>[0]

async function isFirst({ key, requestHash }: Claim, transaction: Transaction): Promise<boolean> {
  try {
    const { rowCount } = await transaction.query(
      `INSERT INTO idempotency_keys (key, request_hash) VALUES ($1, $2)
       ON CONFLICT (key) DO NOTHING`,
      [key, requestHash],
    )
    return rowCount === 1
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    // Not definite: whoever has the key now may well place the order.
    throw new Refusal('in-progress', 'This key is being worked on right now.', {
      status: 409,
      definite: false,
      retryAfterSeconds: 1,
      cause: error,
    })
  }
}

const lockNotAvailable = '55P03'

async function answerOf({ key, requestHash }: Claim, transaction: Transaction): Promise<Answer> {
  const { rows } = await transaction.query<{ hash: string; status: number; body: Answer['body'] }>(
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
