import { UnrecoverableError, type Job } from 'bullmq'
import type { Pool } from 'pg'

import { AddressError, parseAddress } from './address.ts'

interface Maps {
  route(address: { readonly street: string; readonly city: string }): Promise<string>
}

export async function planRoute(db: Pool, maps: Maps, job: Job<{ parcel: string }>): Promise<void> {
  const { parcel } = job.data
  try {
    const { rows } = await db.query('SELECT address FROM parcels WHERE id = $1', [parcel])
    const address = parseAddress(rows[0].address)
    const route = await maps.route(address)
    await db.query('UPDATE parcels SET route = $2 WHERE id = $1', [parcel, route])
  } catch (error) {
    if (!(error instanceof AddressError)) throw error
    const text =
      'INSERT INTO parked (parcel, reason) VALUES ($1, $2) ON CONFLICT (parcel) DO NOTHING'
    await db.query(text, [parcel, error.message])
    throw new UnrecoverableError(error.message)
  }
}
