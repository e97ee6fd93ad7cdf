import type { Pool } from 'pg'

interface Returned {
  readonly loan: string
  readonly branch: string
  readonly at: string
  readonly daysLate: number
}

interface Queue {
  onMessage(
    work: (message: { body: Returned; acknowledge(): Promise<void> }) => Promise<void>,
  ): void
}

export function bookReturns(db: Pool, queue: Queue): void {
  queue.onMessage(async (message) => {
    const { loan, branch, at, daysLate } = message.body
    await db.query('UPDATE loans SET returned_at = $2 WHERE id = $1 AND returned_at IS NULL', [
      loan,
      at,
    ])
    if (daysLate > 0) {
      const rate = await db.query('SELECT cents_per_day FROM branches WHERE id = $1', [branch])
      const cents = daysLate * rate.rows[0].cents_per_day
      await db.query('INSERT INTO fines (loan, cents) VALUES ($1, $2)', [loan, cents])
    }
    await message.acknowledge()
  })
}
