import type { FastifyInstance } from 'fastify'

interface Converter {
  convert(document: string): Promise<string>
}

export function previewRoutes(app: FastifyInstance, converter: Converter): void {
  const waiting: (() => void)[] = []
  let busy = false

  const enter = async (): Promise<void> => {
    if (busy) await new Promise<void>((resolve) => waiting.push(resolve))
    busy = true
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) busy = false
    else next()
  }

  app.get('/previews/:id', async (request, reply) => {
    const { id } = request.params as { id: string }
    if (waiting.length >= 200) return reply.code(503).header('retry-after', 60).send()
    await enter()
    try {
      return { preview: await converter.convert(id) }
    } finally {
      leave()
    }
  })
}
