import type { Pool } from 'pg'

interface Reply {
  readonly meter: number
  readonly value?: number
  readonly error?: string
}

interface Line {
  send(request: { readonly meter: number; readonly register: number }): Promise<void>
  next(timeoutMs: number): Promise<Reply>
}

async function readMeter(line: Line, meter: number): Promise<number> {
  await line.send({ meter, register: 7 })
  const reply = await line.next(500)
  if (reply.error !== undefined) throw new Error(`Meter ${meter}: ${reply.error}`)
  if (typeof reply.value !== 'number') throw new Error(`Meter ${meter} sent no number.`)
  return reply.value
}

export async function readAll(db: Pool, line: Line, meters: readonly number[]): Promise<void> {
  for (const meter of meters) {
    try {
      const kwh = await readMeter(line, meter)
      await db.query('INSERT INTO readings (meter, kwh) VALUES ($1, $2)', [meter, kwh])
    } catch (error) {
      console.warn(error)
    }
  }
}
