import type { Pool } from 'pg'

export async function lend(db: Pool, copy: string, reader: string): Promise<string> {
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    const open = await client.query(
      'SELECT id FROM loans WHERE copy = $1 AND returned_at IS NULL FOR UPDATE',
      [copy],
    )
    if (open.rowCount !== 0) throw new Error(`Copy ${copy} is lent already.`)
    const loan = await client.query(
      'INSERT INTO loans (copy, reader) VALUES ($1, $2) RETURNING id',
      [copy, reader],
    )
    await client.query('COMMIT')
    return loan.rows[0].id
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
