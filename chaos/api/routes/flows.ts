import { Type } from 'typebox'

import { runParts } from '#chaos/flows/read-recorded-run.ts'

import { Name, oneOf } from '../schemas/contract-schema.ts'
import { FlowComparisonSchema, FlowListSchema, FlowRecordSchema } from '../schemas/flow.ts'
import type { Routes } from './route.ts'

const Part = Type.Object({
  part: Type.Optional(oneOf(...runParts)),
})

export const flowRoutes: Routes = async (app, { controller: { flows, liveFlows } }) => {
  app.get(
    '/api/runs/:id/flows',
    {
      schema: {
        summary: 'The flows of a run: in the shop, its orders',
        params: Type.Object({ id: Name }),
        querystring: Part,
        response: { 200: FlowListSchema },
      },
    },
    async ({ params, query }) => await flows.list(params.id, query.part),
  )
  app.get(
    '/api/runs/:id/flows/:flow',
    {
      schema: {
        summary: 'One flow of a run, next to one that no fault hit if the run has one',
        params: Type.Object({ id: Name, flow: Name }),
        querystring: Part,
        response: { 200: Type.Union([FlowRecordSchema, FlowComparisonSchema]) },
      },
    },
    async ({ params, query }) => await flows.get(params.id, params.flow, query.part),
  )
  app.get(
    '/api/flows/:id',
    {
      schema: {
        summary: 'A flow of the running sandbox. The first request begins to record.',
        params: Type.Object({ id: Name }),
        response: { 200: FlowRecordSchema },
      },
    },
    async ({ params }) => await liveFlows.get(params.id),
  )
}
