import type { Pool } from 'pg'

interface Scan {
  readonly id: string
  readonly parcel: string
  readonly sequence: number
  readonly place: string
}

export async function receiveScan(db: Pool, scan: Scan): Promise<void> {
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    const added = await client.query(
      'INSERT INTO scans (id, parcel) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
      [scan.id, scan.parcel],
    )
    if (added.rowCount === 1) {
      const moved = await client.query(
        'UPDATE parcels SET place = $2, sequence = $3 WHERE id = $1 AND sequence < $3',
        [scan.parcel, scan.place, scan.sequence],
      )
      if (moved.rowCount === 1)
        await client.query('INSERT INTO mails (parcel, place) VALUES ($1, $2)', [
          scan.parcel,
          scan.place,
        ])
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
