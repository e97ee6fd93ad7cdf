import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

interface Reading {
  readonly sensor: string
  readonly value: number
}

let collected: Reading[] = []

async function write(db: Pool): Promise<void> {
  const batch = collected
  collected = []
  const text =
    'INSERT INTO readings SELECT * FROM json_to_recordset($1) AS r(sensor text, value float)'
  await db.query(text, [JSON.stringify(batch)]).catch((error: unknown) => {
    console.warn(error)
    collected = [...batch, ...collected]
  })
}

export function serve(app: FastifyInstance, db: Pool): void {
  app.post('/readings', async (request, reply) => {
    collected.push(request.body as Reading)
    return reply.code(202).send()
  })
  const timer = setInterval(async () => write(db), 10_000)

  process.once('SIGTERM', async () => {
    clearInterval(timer)
    await app.close()
    await db.end()
  })
}
