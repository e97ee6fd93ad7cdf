import type { Pool } from 'pg'

interface Batch {
  readonly id: string
  readonly readings: readonly { readonly sensor: string; readonly value: number }[]
}

interface Coordinator {
  heartbeat(): Promise<void>
  commit(batch: string): Promise<void>
}

async function addReading(totals: Map<string, number>, sensor: string, value: number) {
  const smoothed = Array.from({ length: 4_000 }, (_, i) => value * Math.exp(-i)).at(-1) ?? 0
  totals.set(sensor, (totals.get(sensor) ?? 0) + value + smoothed)
}

export function keepAlive(coordinator: Coordinator): NodeJS.Timeout {
  return setInterval(() => {
    coordinator.heartbeat().catch(console.warn)
  }, 2_000)
}

export async function addUp(db: Pool, coordinator: Coordinator, batch: Batch): Promise<void> {
  const totals = new Map<string, number>()
  for (const { sensor, value } of batch.readings) await addReading(totals, sensor, value)
  const text =
    'INSERT INTO totals (batch, sums) VALUES ($1, $2) ON CONFLICT (batch) DO UPDATE SET sums = $2'
  await db.query(text, [batch.id, Object.fromEntries(totals)])
  await coordinator.commit(batch.id)
}
