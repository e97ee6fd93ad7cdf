import { runFilePolicy, setPolicy } from '../http/security-headers.ts'
import { ActionBodySchema, AnswersBodySchema, GamedayBodySchema } from '../schemas/gameday.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

/** Hidden incidents. No response contains anything about an incident that has not closed. */
export const gamedayRoutes: Routes = async (app, { controller }) => {
  const { gamedays } = controller
  app.get(
    '/api/gameday',
    { schema: { summary: 'The game day as its learner may see it; null: there was none' } },
    async (_request, reply) => reply.type('application/json').send(JSON.stringify(gamedays.view())),
  )
  app.post(
    '/api/gameday',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts a game day: hidden incidents, decided by the seed',
        body: GamedayBodySchema,
      },
    },
    async ({ body }, reply) => reply.code(202).send(await gamedays.start(body)),
  )
  app.delete(
    '/api/gameday',
    { schema: { ...tokenRequired, summary: 'Ends the game day early and heals everything' } },
    async (_request, reply) => {
      await gamedays.stop()
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/gameday/answers',
    {
      schema: {
        ...tokenRequired,
        summary: 'What the learner says about the open incident',
        body: AnswersBodySchema,
      },
    },
    async ({ body }) => gamedays.answer(body),
  )
  app.post(
    '/api/gameday/actions',
    {
      schema: {
        ...tokenRequired,
        summary: 'A mitigation. It is recorded and repeated when the incident is repeated.',
        body: ActionBodySchema,
      },
    },
    async ({ body }) => await gamedays.act(body),
  )
  app.get(
    '/api/gameday/debrief.html',
    { schema: { summary: 'The incidents that have closed, as one page' } },
    async (_request, reply) =>
      setPolicy(reply, runFilePolicy).type('text/html; charset=utf-8').send(gamedays.page()),
  )
}
