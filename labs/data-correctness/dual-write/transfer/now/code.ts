import type { Pool } from 'pg'

interface Loan {
  readonly id: string
  readonly reader: string
  readonly locker: number
}

interface Topic {
  publish(text: string): Promise<void>
}

export async function lend(db: Pool, topic: Topic, loan: Loan): Promise<'new' | 'known'> {
  const reader = await db.query('SELECT blocked FROM readers WHERE id = $1', [loan.reader])
  if (reader.rows[0]?.blocked !== false) throw new Error(`${loan.reader} may not borrow books.`)
  const inserted = await db.query(
    'INSERT INTO loans (id, reader, locker) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
    [loan.id, loan.reader, loan.locker],
  )
  if (inserted.rowCount === 0) return 'known'
  await topic.publish(JSON.stringify({ loan: loan.id, locker: loan.locker }))
  return 'new'
}
