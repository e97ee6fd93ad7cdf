import { DatabaseError } from 'pg'

import type { Claim, ClaimKey } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

import type { SeamContract } from '../contract-probe.ts'
import { aliasIn } from '../fakes/recorded-database.ts'

const claim: Claim = {
  key: 'k-1',
  requestHash: 'a'.repeat(64),
  answer: { status: 201, body: { orderId: 'k-1.aaaaaa', key: 'k-1', status: 'placed' } },
}

export const claimKeyContract: SeamContract<ClaimKey> = {
  lab: 'double-submit',
  time: 'jumping',
  probes: [
    {
      name: 'while the first click is in progress, the second receives no definite refusal',
      promise:
        'And no customer who only clicked twice is refused: after an error for the second click they do not know the result of the first.',
      async run(tools) {
        const claimKey = await tools.load()
        const end = await tools.call(async () => await claimKey(claim, busyTransaction()), 60_000)
        if (end.how !== 'threw' || !(end.error instanceof Refusal) || !end.error.definite)
          return undefined
        return {
          expected:
            'the stored response, or a refusal that is not definite: the first click is being processed',
          actual: `a definite refusal: ${end.error.status} ${end.error.code}`,
        }
      },
    },
  ],
}

/** Another transaction has claimed the key and has not committed. What would wait for it runs into the lock timeout. */
function busyTransaction(): Transaction {
  const query = async (given: unknown): Promise<unknown> => {
    const sql = typeof given === 'string' ? given : (given as { text: string }).text
    if (/pg_try_advisory/i.test(sql))
      return { rows: [{ [aliasIn(sql, 'pg_try_advisory_xact_lock')]: false }], rowCount: 1 }
    // The row of the other transaction is not visible yet.
    if (
      /^\s*SELECT\b(?!.*advisory)/is.test(sql) ||
      /^\s*(SAVEPOINT|ROLLBACK|RELEASE|SET)\b/i.test(sql)
    )
      return { rows: [], rowCount: 0 }
    const error = new DatabaseError('canceling statement due to lock timeout', 0, 'error')
    throw Object.assign(error, { code: '55P03', severity: 'ERROR' })
  }
  return { query } as unknown as Transaction
}
