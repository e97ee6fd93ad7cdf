import { setTimeout as sleep } from 'node:timers/promises'

import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

interface Valves {
  set(valve: number, percent: number): Promise<void>
}

export async function water(db: Pool, redis: Redis, valves: Valves, me: string): Promise<void> {
  for (;;) {
    const taken = await redis.set('lease', me, 'PX', 10_000, 'NX').catch(() => null)
    if (taken !== null) await applyPlan(db, redis, valves, me).catch(console.warn)
    await sleep(60_000)
  }
}

async function applyPlan(db: Pool, redis: Redis, valves: Valves, me: string): Promise<void> {
  const plan = await db.query('SELECT valve, percent FROM plan ORDER BY valve')
  for (const { valve, percent } of plan.rows) {
    const owner = await redis.get('lease')
    if (owner !== me) return
    await valves.set(valve, percent)
  }
}
