import { Type } from 'typebox'

import { list } from '../schemas/contract-schema.ts'
import { LabSummarySchema, LabViewSchema, SolutionViewSchema } from '../schemas/lab.ts'
import { RunViewSchema } from '../schemas/run.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const Id = Type.Object({ id: Type.String() })
const answer = { 200: LabViewSchema }

const Prediction = Type.Object(
  {
    answer: Type.Integer({ minimum: 0 }),
    confidence: Type.Number({ minimum: 0, maximum: 100, description: 'Percent.' }),
  },
  { additionalProperties: false },
)

const CheckRequest = Type.Object(
  {
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    version: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

export const labRoutes: Routes = async (app, options) => {
  await app.register(reading, options)
  await app.register(learning, options)
}

const reading: Routes = async (app, { controller }) => {
  const { labs } = controller
  app.get(
    '/api/labs',
    { schema: { summary: 'In teaching order', response: { 200: list(LabSummarySchema) } } },
    async () => labs.list(),
  )
  app.get(
    '/api/labs/:id',
    { schema: { summary: 'One lab', params: Id, response: answer } },
    async (request) => labs.get(request.params.id),
  )
  app.get(
    '/api/labs/:id/solution',
    {
      schema: {
        summary: "The shop's own file, as a difference to the start",
        params: Id,
        response: { 200: SolutionViewSchema },
      },
    },
    async (request) => labs.solution(request.params.id),
  )
}

const learning: Routes = async (app, { controller }) => {
  const { labs, runs } = controller
  app.post(
    '/api/labs/:id/start',
    {
      schema: {
        ...tokenRequired,
        summary: 'Copies the starting code',
        params: Id,
        response: answer,
      },
    },
    async (request) => labs.start(request.params.id),
  )
  app.post(
    '/api/labs/:id/reset',
    {
      schema: {
        ...tokenRequired,
        summary: 'Copies anew, keeps a backup',
        params: Id,
        response: answer,
      },
    },
    async (request) => (await labs.reset(request.params.id)).view,
  )
  app.post(
    '/api/labs/:id/prediction',
    {
      schema: {
        ...tokenRequired,
        summary: 'Locks the prediction; 409 when it is locked',
        params: Id,
        body: Prediction,
        response: answer,
      },
    },
    async (request) => labs.predict(request.params.id, request.body),
  )
  app.post(
    '/api/labs/:id/explanation',
    {
      schema: {
        ...tokenRequired,
        summary: 'What the learner thinks happened',
        params: Id,
        body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 10_000 }) }),
        response: answer,
      },
    },
    async (request) => labs.explain(request.params.id, request.body.text),
  )
  app.post(
    '/api/labs/:id/hint',
    {
      schema: { ...tokenRequired, summary: 'Unlocks the next hint', params: Id, response: answer },
    },
    async (request) => labs.hint(request.params.id),
  )
  app.post(
    '/api/labs/:id/check',
    {
      schema: {
        ...tokenRequired,
        summary: 'Judges a version of the code',
        params: Id,
        body: CheckRequest,
        response: { 202: RunViewSchema },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await runs.start({ lab: request.params.id, ...request.body })),
  )
}
