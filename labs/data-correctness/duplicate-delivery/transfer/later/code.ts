import type { Pool } from 'pg'

interface Trip {
  readonly id: string
  readonly plate: string
  readonly metres: number
  acknowledge(): Promise<void>
}

export function addUpTrips(db: Pool, queue: { onTrip(work: (trip: Trip) => Promise<void>): void }) {
  const added = new Set<string>()
  queue.onTrip(async (trip) => {
    if (!added.has(trip.id)) {
      const van = await db.query('SELECT id FROM vans WHERE plate = $1', [trip.plate])
      if (van.rowCount === 1) {
        await db.query('UPDATE vans SET metres = metres + $2 WHERE id = $1', [
          van.rows[0].id,
          trip.metres,
        ])
        added.add(trip.id)
      }
    }
    await trip.acknowledge()
  })
}
