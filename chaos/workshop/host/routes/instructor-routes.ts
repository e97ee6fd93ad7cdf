import { Type } from 'typebox'

import { openEventStreamWriter } from '#chaos/api/http/event-stream.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'
import {
  ExerciseBodySchema,
  ExerciseChangeSchema,
  IncidentBodySchema,
  PushBodySchema,
  RevealBodySchema,
  ScoreboardBodySchema,
  SequenceBodySchema,
} from '#chaos/contracts/workshop.ts'

import type { Routes } from './route.ts'

const Name = Type.String({ minLength: 1, maxLength: nameLengthMax })
const OfLab = Type.Object({ lab: Name })
const OfId = Type.Object({ id: Name })

export const instructorRoutes: Routes = async (app, options) => {
  const { workshop, clock, instructor } = options
  app.get('/api/workshop', () => workshop.instructorView())
  app.get('/api/workshop/stream', (_request, reply) => {
    const stream = openEventStreamWriter(reply, clock)
    const end = instructor.subscribe((view) => stream.send({ data: view }))
    stream.signal.addEventListener('abort', end, { once: true })
  })
  app.post('/api/workshop/pushes', { schema: { body: PushBodySchema } }, async (request, reply) =>
    reply.code(201).send(workshop.push(request.body)),
  )
  app.get('/api/workshop/learners/:id', { schema: { params: OfId } }, (request) =>
    workshop.record(request.params.id),
  )
  app.put(
    '/api/workshop/learners/:id/help',
    { schema: { params: OfId } },
    async (request, reply) => {
      workshop.seeHelp(request.params.id)
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/workshop/incidents',
    { schema: { body: IncidentBodySchema } },
    async (request, reply) => reply.code(201).send(workshop.startIncident(request.body)),
  )
  app.delete(
    '/api/workshop/incidents/:id',
    { schema: { params: OfId } },
    async (request, reply) => {
      workshop.endIncident(request.params.id)
      return reply.code(204).send()
    },
  )
  await app.register(settings, options)
}

/** Each responds with the new view. */
const settings: Routes = async (app, { workshop }) => {
  app.post('/api/workshop/exercise', { schema: { body: ExerciseBodySchema } }, (request) => {
    workshop.startExercise(request.body)
    return workshop.instructorView()
  })
  app.put('/api/workshop/exercise', { schema: { body: ExerciseChangeSchema } }, (request) => {
    workshop.changeExercise(request.body)
    return workshop.instructorView()
  })
  app.put('/api/workshop/sequence', { schema: { body: SequenceBodySchema } }, (request) => {
    workshop.setSequence(request.body.labs)
    return workshop.instructorView()
  })
  app.put('/api/workshop/scoreboard', { schema: { body: ScoreboardBodySchema } }, (request) => {
    workshop.setScoreboard(request.body.state)
    return workshop.instructorView()
  })
  app.put(
    '/api/workshop/predictions/:lab',
    { schema: { params: OfLab, body: RevealBodySchema } },
    (request) => {
      workshop.reveal(request.params.lab, request.body.isRevealed)
      return workshop.instructorView()
    },
  )
}
