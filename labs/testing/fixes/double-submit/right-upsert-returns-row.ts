// Right: one statement claims the key or returns the row that has it. ON CONFLICT DO UPDATE waits for the other transaction
// and locks its row; the update changes nothing, but lets RETURNING see it. xmax is 0 only in a row that was inserted. The
// hash is checked in both cases, also for two requests at the same moment.
import type { Answer } from '#services/api/orders/order.ts'
import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const claimKey: ClaimKey = async ({ key, requestHash, answer }: Claim, transaction: Transaction) => {
  const { rows } = await transaction.query<Answer & { readonly ours: boolean; readonly hash: string }>(
    `INSERT INTO idempotency_keys AS stored (key, request_hash, response_status, response_body)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) DO UPDATE SET request_hash = stored.request_hash
     RETURNING stored.xmax = 0 AS ours, stored.request_hash AS hash,
               stored.response_status AS status, stored.response_body AS body`,
    [key, requestHash, answer.status, answer.body],
  )
  const row = rows[0]
  if (row === undefined)
    throw new Refusal('in-progress', 'Another request with this key is in progress.', {
      status: 409,
      definite: false,
    })
  if (row.ours) return undefined
  if (row.hash !== requestHash)
    throw new Refusal('key-reused', 'This key was used for another request.', {
      status: 422,
      definite: true,
    })
  return { status: row.status, body: row.body }
}
