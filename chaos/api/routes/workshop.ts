import {
  HelpRequestSchema,
  JoinRequestSchema,
  ShareRequestSchema,
} from '#chaos/contracts/workshop.ts'

import { MembershipViewSchema } from '../schemas/membership.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const joinTimeoutMs = 15_000
const response = { 200: MembershipViewSchema }

export const workshopRoutes: Routes = async (app, { controller: { workshop } }) => {
  app.get(
    '/api/workshop',
    { schema: { summary: 'The workshop of this learner, and what is sent to its host', response } },
    async () => workshop.view(),
  )
  app.post(
    '/api/workshop/join',
    {
      schema: {
        ...tokenRequired,
        summary: 'Joins a workshop. From then on the sandbox reports to its host.',
        body: JoinRequestSchema,
        response,
      },
    },
    async (request) => workshop.join(request.body, AbortSignal.timeout(joinTimeoutMs)),
  )
  app.post(
    '/api/workshop/leave',
    {
      schema: {
        ...tokenRequired,
        summary: 'Leaves the workshop. What was recorded before is still sent.',
        response,
      },
    },
    async () => workshop.leave(),
  )
  app.post(
    '/api/workshop/help',
    {
      schema: {
        ...tokenRequired,
        summary: 'Asks the instructor for help',
        body: HelpRequestSchema,
        response,
      },
    },
    async (request) => workshop.help(request.body),
  )
  app.post(
    '/api/workshop/share',
    {
      schema: {
        ...tokenRequired,
        summary: 'Sends the own code of one lab to the instructor',
        body: ShareRequestSchema,
        response,
      },
    },
    async (request) => workshop.share(request.body.lab),
  )
}
