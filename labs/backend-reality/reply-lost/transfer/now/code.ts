import type { Pool } from 'pg'

interface Trip {
  readonly id: string
  readonly flight: string
}

export async function bookSeat(db: Pool, airline: string, trip: Trip): Promise<void> {
  const reference = await requestSeat(airline, trip)
  if (reference === null)
    await db.query("UPDATE trips SET state = 'failed' WHERE id = $1", [trip.id])
  else
    await db.query("UPDATE trips SET state = 'booked', reference = $2 WHERE id = $1", [
      trip.id,
      reference,
    ])
}

/** Null: there is no seat. */
async function requestSeat(airline: string, trip: Trip): Promise<string | null> {
  const response = await fetch(`${airline}/flights/${trip.flight}/seats`, {
    method: 'POST',
    headers: { 'idempotency-key': trip.id },
    signal: AbortSignal.timeout(3_000),
  }).catch(() => null)
  if (response === null || response.status === 409) return null
  if (response.status !== 201) throw new Error(`The airline responded ${response.status}.`)
  return ((await response.json()) as { reference: string }).reference
}
