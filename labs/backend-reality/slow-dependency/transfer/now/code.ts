import type { Pool } from 'pg'

interface Parcel {
  readonly id: string
  readonly depot: string
  readonly address: string
}

export async function registerParcel(pool: Pool, geocoder: string, parcel: Parcel): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const depot = await client.query('SELECT region FROM depots WHERE id = $1', [parcel.depot])
    const region: string = depot.rows[0].region
    const where = new URLSearchParams({ address: parcel.address, region })
    const response = await fetch(`${geocoder}/locate?${where}`, {
      signal: AbortSignal.timeout(4_000),
    })
    if (!response.ok) throw new Error(`The geocoder responded ${response.status}.`)
    const { lat, lon } = (await response.json()) as { lat: number; lon: number }
    await client.query('INSERT INTO parcels (id, depot, lat, lon) VALUES ($1, $2, $3, $4)', [
      parcel.id,
      parcel.depot,
      lat,
      lon,
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
