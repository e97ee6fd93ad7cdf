import type { Pool } from 'pg'

interface Accepted {
  readonly parcel: string
  readonly state: 'accepted' | 'rejected'
  readonly reference: string
}

export async function handOver(db: Pool, carrier: string, parcel: string): Promise<void> {
  const response = await fetch(`${carrier}/parcels/${parcel}`, {
    method: 'PUT',
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`The carrier answered ${response.status}.`)
  const answer = (await response.json()) as Accepted
  if (answer.state === 'rejected') {
    await db.query("UPDATE parcels SET state = 'rejected' WHERE id = $1", [parcel])
    return
  }
  await db.query("UPDATE parcels SET state = 'handed-over', reference = $2 WHERE id = $1", [
    parcel,
    answer.reference,
  ])
}
