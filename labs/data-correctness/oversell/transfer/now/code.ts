import type { Pool } from 'pg'

export async function book(
  db: Pool,
  flight: string,
  traveller: string,
  seats: number,
): Promise<'booked' | 'full'> {
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    const taken = await client.query(
      'UPDATE flights SET free = free - $2 WHERE id = $1 AND free >= $2',
      [flight, seats],
    )
    if (taken.rowCount === 1)
      await client.query('INSERT INTO bookings (flight, traveller, seats) VALUES ($1, $2, $3)', [
        flight,
        traveller,
        seats,
      ])
    await client.query('COMMIT')
    client.release()
    return taken.rowCount === 1 ? 'booked' : 'full'
  } catch (error) {
    // Without the connection, Postgres rolls back.
    client.release(true)
    throw error
  }
}
