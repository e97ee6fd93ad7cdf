import { setTimeout as sleep } from 'node:timers/promises'

import type { Pool } from 'pg'

interface Reading {
  readonly sensor: string
  readonly celsius: number
}

async function forecast(service: string, sensor: string): Promise<number | null> {
  for (let attempt = 1; attempt <= 4; attempt++) {
    try {
      const response = await fetch(`${service}/forecast/${sensor}`, {
        signal: AbortSignal.timeout(400),
      })
      if (response.ok) return ((await response.json()) as { celsius: number }).celsius
    } catch {
      // No response in time: the next attempt may succeed.
    }
    await sleep(Math.random() * 50 * 2 ** attempt)
  }
  return null
}

export async function store(db: Pool, service: string, reading: Reading): Promise<void> {
  const expected = await forecast(service, reading.sensor)
  await db.query('INSERT INTO readings (sensor, celsius, expected) VALUES ($1, $2, $3)', [
    reading.sensor,
    reading.celsius,
    expected,
  ])
}
