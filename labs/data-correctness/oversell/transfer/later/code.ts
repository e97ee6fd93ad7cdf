import type { Pool } from 'pg'

export async function takeLeave(
  db: Pool,
  employee: string,
  from: string,
  days: number,
): Promise<number> {
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    const found = await client.query('SELECT days_left FROM employees WHERE id = $1', [employee])
    const left: number = found.rows[0].days_left - days
    if (left < 0) throw new Error(`Only ${found.rows[0].days_left} days are left.`)
    await client.query('UPDATE employees SET days_left = $2 WHERE id = $1', [employee, left])
    await client.query('INSERT INTO leaves (employee, starts, days) VALUES ($1, $2, $3)', [
      employee,
      from,
      days,
    ])
    await client.query('COMMIT')
    return left
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
