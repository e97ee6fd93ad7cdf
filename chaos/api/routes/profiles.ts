import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { list } from '../schemas/contract-schema.ts'
import { ProfileViewSchema } from '../schemas/sandbox.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const params = Type.Object({
  name: Type.String({ minLength: 1, maxLength: nameLengthMax, description: 'Name of a profile.' }),
})

export const profileRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/profiles',
    {
      schema: {
        summary: 'The parts of the system that run only when asked',
        response: { 200: list(ProfileViewSchema) },
      },
    },
    () => controller.profiles.list(),
  )
  app.put(
    '/api/profiles/:name',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts a profile. Responds when its parts are ready.',
        params,
        response: { 200: ProfileViewSchema },
      },
    },
    async (request) => controller.profiles.start(request.params.name),
  )
  app.delete(
    '/api/profiles/:name',
    {
      schema: {
        ...tokenRequired,
        summary: 'Stops a profile. It stays on while a run or a fault needs it.',
        params,
        response: { 200: ProfileViewSchema },
      },
    },
    async (request) => controller.profiles.stop(request.params.name),
  )
}
