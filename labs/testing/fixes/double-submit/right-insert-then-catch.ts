// Right: a plain INSERT decides. It waits for another open claim of the key for at most 400 ms: then
// 409, not definite. A unique violation means that the other one has committed: back to the
// savepoint (otherwise the transaction is aborted), read the response, compare the hash. A rollback
// of the other one lets our INSERT continue. The claim is part of the transaction of the order.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import { sqlState } from '#services/lib/database.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

const uniqueViolation = '23505'
const lockNotAvailable = '55P03'

export const claimKey: ClaimKey = async (claim, transaction) => {
  await transaction.query('SAVEPOINT claim')
  await transaction.query("SET LOCAL lock_timeout = '400ms'")
  try {
    await insert(claim, transaction)
  } catch (error) {
    const state = sqlState(error)
    if (state === lockNotAvailable) throw inProgress()
    if (state !== uniqueViolation) throw error
    // This also sets the timeout back.
    await transaction.query('ROLLBACK TO SAVEPOINT claim')
    const earlier = await earlierAnswer(claim, transaction)
    if (earlier === undefined) throw inProgress()
    return earlier
  }
  await transaction.query('SET LOCAL lock_timeout = DEFAULT')
  return undefined
}

function inProgress(): Refusal {
  return new Refusal('in-progress', 'A request with this key is in progress.', {
    status: 409,
    definite: false,
    retryAfterSeconds: 1,
  })
}

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
