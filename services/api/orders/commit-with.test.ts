import { expect, test } from 'vitest'

import type { Database } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import type { CommitOrder, OrderTransaction } from '../seams.ts'
import { commitWith } from './commit-with.ts'

type Reply = { readonly command: string } | Error

/** A pool with one connection. `commit` is the reply to COMMIT. */
function poolWith(commit: Reply) {
  const sent: string[] = []
  const released: unknown[] = []
  const client = {
    query: async (sql: string) => {
      sent.push(sql)
      if (sql !== 'COMMIT') return { command: sql, rows: [] }
      if (commit instanceof Error) throw commit
      return commit
    },
    release: (error?: unknown) => released.push(error),
  }
  const database = { connect: async () => client } as unknown as Database
  return { database, sent, released }
}

async function run(commit: Reply, by: (transaction: OrderTransaction) => ReturnType<CommitOrder>) {
  const pool = poolWith(commit)
  const end = await inTransaction(commitWith(pool.database, by), async (transaction) => {
    await transaction.query('INSERT')
    return 'done'
  }).catch((error: unknown) => error)
  return { end, ...pool }
}

const committed = { command: 'COMMIT' }
const refusal = new Refusal('mine', 'The replica does not respond.', {
  status: 503,
  definite: true,
})

test('the function decides what is sent with the COMMIT', async () => {
  const { end, sent, released } = await run(committed, async (transaction) => {
    await transaction.query('SET LOCAL x')
    await transaction.commit()
  })
  expect(end).toBe('done')
  expect(sent).toEqual(['BEGIN', 'INSERT', 'SET LOCAL x', 'COMMIT'])
  expect(released).toEqual([undefined])
})

test('an error after the COMMIT says that the outcome is unknown, whatever it says itself', async () => {
  const { end, released } = await run(committed, async (transaction) => {
    await transaction.commit()
    throw refusal
  })
  expect(end).toMatchObject({
    message: expect.stringMatching(/^Query read timeout/),
    cause: refusal,
  })
  expect(released).toEqual([true])
})

test('so does an error while the COMMIT has no reply', async () => {
  const { end } = await run(committed, async (transaction) => {
    void transaction.commit()
    throw refusal
  })
  expect(end).toMatchObject({ cause: refusal })
})

test('the error of the COMMIT itself stays as it is', async () => {
  const lost = new Error('Connection terminated unexpectedly')
  const { end } = await run(lost, async (transaction) => await transaction.commit())
  expect(end).toBe(lost)
})

test('an error before the COMMIT stays as it is', async () => {
  const { end, sent } = await run(committed, async () => {
    throw refusal
  })
  expect(end).toBe(refusal)
  expect(sent).toEqual(['BEGIN', 'INSERT', 'ROLLBACK'])
})

test('without a COMMIT nothing is confirmed', async () => {
  const { end } = await run(committed, async () => {})
  expect(end).toMatchObject({ message: 'The transaction of the order was not committed.' })
})

test('a transaction that Postgres rolled back is not confirmed', async () => {
  const { end } = await run(
    { command: 'ROLLBACK' },
    async (transaction) => await transaction.commit(),
  )
  expect(end).toMatchObject({ message: 'The transaction was rolled back.' })
})
