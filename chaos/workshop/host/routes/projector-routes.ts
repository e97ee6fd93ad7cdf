import { openEventStreamWriter } from '#chaos/api/http/event-stream.ts'

import type { Routes } from './route.ts'

const projectorRole = { config: { role: 'projector' } } as const

export const projectorRoutes: Routes = async (app, { workshop, clock, projector }) => {
  app.get('/api/projector', projectorRole, () => workshop.projectorView())
  app.get('/api/projector/stream', projectorRole, (_request, reply) => {
    const stream = openEventStreamWriter(reply, clock)
    const end = projector.subscribe((view) => stream.send({ data: view }))
    stream.signal.addEventListener('abort', end, { once: true })
  })
}
