import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

interface Printer {
  print(text: string): Promise<void>
}

export async function nextNumber(
  redis: Redis,
  db: Pool,
  printer: Printer,
  desk: string,
): Promise<number> {
  const number = await redis.incr(`numbers:${desk}`)
  await printer.print(`${desk} ${number}`)
  await db.query('INSERT INTO visits (desk, number) VALUES ($1, $2)', [desk, number])
  return number
}
