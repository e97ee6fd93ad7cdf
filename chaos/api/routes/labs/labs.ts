import { Type } from 'typebox'

import { countMax, nameLengthMax, textLengthMax } from '#chaos/contracts/max.ts'

import { list, Name } from '../../schemas/contract-schema.ts'
import {
  AfterViewSchema,
  LabSummarySchema,
  LabViewSchema,
  LensesSchema,
  SolutionViewSchema,
  UnlockSchema,
} from '../../schemas/lab.ts'
import {
  LearningEvidenceSchema,
  TransferBodySchema,
  TransferViewSchema,
} from '../../schemas/learning.ts'
import { RunViewSchema, VariantNames } from '../../schemas/run.ts'
import { tokenRequired } from '../route.ts'
import type { Routes } from '../route.ts'

const Id = Type.Object({ id: Name })
const labResponse = { 200: LabViewSchema }

const Prediction = Type.Object(
  {
    answer: Type.Integer({ minimum: 0, maximum: countMax }),
    confidence: Type.Number({ minimum: 0, maximum: 100, description: 'Percent, 0 to 100.' }),
  },
  { additionalProperties: false },
)

/** More than the sweep of any lab needs. */
const sweepMaxMs = 600_000

const CheckRequest = Type.Object(
  {
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    version: Type.Optional(
      Type.String({ maxLength: nameLengthMax, description: 'mine (default), start, shop, ...' }),
    ),
    quick: Type.Optional(
      Type.Boolean({
        description: 'Judges the scenario alone, without contract probes, sweep and variants.',
      }),
    ),
    sweepMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: sweepMaxMs,
        description: 'How long the cases of the sweep may take (default: 10000).',
      }),
    ),
    variants: Type.Optional(VariantNames),
  },
  { additionalProperties: false },
)

export const labRoutes: Routes = async (app, options) => {
  await app.register(reading, options)
  await app.register(learning, options)
  await app.register(unlocking, options)
  await app.register(transferring, options)
  await app.register(checking, options)
}

const reading: Routes = async (app, { controller }) => {
  const { labs } = controller
  app.get(
    '/api/labs',
    {
      schema: { summary: 'The labs in teaching order', response: { 200: list(LabSummarySchema) } },
    },
    async () => labs.list(),
  )
  app.get(
    '/api/labs/:id',
    { schema: { summary: 'One lab', params: Id, response: labResponse } },
    async (request) => labs.get(request.params.id),
  )
  app.get(
    '/api/labs/:id/solution',
    {
      schema: {
        summary: "The solution: the difference between the starting code and the shop's own file",
        params: Id,
        response: { 200: SolutionViewSchema },
      },
    },
    async (request) => labs.solution(request.params.id),
  )
  app.get(
    '/api/labs/:id/after',
    {
      schema: {
        summary: 'The trade-offs and near misses. They give the solution away.',
        params: Id,
        response: { 200: AfterViewSchema },
      },
    },
    async (request) => labs.after(request.params.id),
  )
}

const learning: Routes = async (app, { controller }) => {
  const { labs } = controller
  app.post(
    '/api/labs/:id/start',
    {
      schema: {
        ...tokenRequired,
        summary: 'Copies the starting code. Does not overwrite files.',
        params: Id,
        response: labResponse,
      },
    },
    async (request) => labs.start(request.params.id),
  )
  app.post(
    '/api/labs/:id/reset',
    {
      schema: {
        ...tokenRequired,
        summary: 'Copies the starting code again and backs up the old files',
        params: Id,
        response: labResponse,
      },
    },
    async (request) => (await labs.reset(request.params.id)).view,
  )
  app.post(
    '/api/labs/:id/prediction',
    {
      schema: {
        ...tokenRequired,
        summary: 'Stores the prediction. 409 when there is one.',
        params: Id,
        body: Prediction,
        response: labResponse,
      },
    },
    async (request) => labs.predict(request.params.id, request.body),
  )
  app.post(
    '/api/labs/:id/explanation',
    {
      schema: {
        ...tokenRequired,
        summary: "Stores the learner's explanation",
        params: Id,
        body: Type.Object({ text: Type.String({ minLength: 1, maxLength: textLengthMax }) }),
        response: labResponse,
      },
    },
    async (request) => labs.explain(request.params.id, request.body.text),
  )
  app.post(
    '/api/labs/:id/hint',
    {
      schema: {
        ...tokenRequired,
        summary: 'Shows one more hint',
        params: Id,
        response: labResponse,
      },
    },
    async (request) => labs.hint(request.params.id),
  )
}

const unlocking: Routes = async (app, { controller }) => {
  const { labs } = controller
  app.post(
    '/api/labs/:id/unlock',
    {
      schema: {
        ...tokenRequired,
        summary: 'Unlocks a part before its time and keeps the request with the progress',
        params: Id,
        body: UnlockSchema,
        response: labResponse,
      },
    },
    async (request) => labs.unlock(request.params.id, request.body.section),
  )
  app.put(
    '/api/labs/:id/lenses',
    {
      schema: {
        ...tokenRequired,
        summary: "Keeps the five lenses in the learner's own words",
        params: Id,
        body: LensesSchema,
        response: labResponse,
      },
    },
    async (request) => labs.reflect(request.params.id, request.body),
  )
}

const transferring: Routes = async (app, { controller }) => {
  const { labs } = controller
  app.get(
    '/api/labs/:id/transfer',
    {
      schema: {
        summary: 'The same failure mode in unfamiliar code: the question that is due, and answers',
        params: Id,
        response: { 200: TransferViewSchema },
      },
    },
    async (request) => labs.transfer(request.params.id),
  )
  app.post(
    '/api/labs/:id/transfer',
    {
      schema: {
        ...tokenRequired,
        summary: 'Stores an answer. 403 when the question is not due, 409 when it is answered.',
        params: Id,
        body: TransferBodySchema,
        response: { 200: TransferViewSchema },
      },
    },
    async (request) => labs.answerTransfer(request.params.id, request.body),
  )
  app.get(
    '/api/progress',
    {
      schema: {
        summary: 'Calibration and transfer of the learner over all labs',
        response: { 200: LearningEvidenceSchema },
      },
    },
    async () => labs.evidence(),
  )
}

const checking: Routes = async (app, { controller }) => {
  app.post(
    '/api/labs/:id/check',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts a run that judges a version of the code',
        params: Id,
        body: CheckRequest,
        response: { 202: RunViewSchema },
      },
    },
    async (request, reply) =>
      reply
        .code(202)
        .send(await controller.runs.start({ lab: request.params.id, ...request.body })),
  )
}
