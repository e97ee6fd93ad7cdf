// Breaks: "no customer who only clicked twice is refused: after an error for the second click they do not know the result
// of the first", and "receives the stored response ... also for two requests at the same moment".
// When: two clicks at the same moment: the second gets 23505, which fails its whole transaction; the SELECT after it is
// rejected (25P02), and the customer receives 500. There is one order and one charge, and a patient client's retry gets the
// stored response. One click after the other is right.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { sqlState } from '#services/lib/database.ts'

export const claimKey: ClaimKey = async (claim, transaction) => {
  const earlier = await earlierAnswer(claim, transaction)
  if (earlier !== undefined) return earlier
  try {
    await insert(claim, transaction)
    return undefined
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    // The other click was faster: return its response.
    return await earlierAnswer(claim, transaction)
  }
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
