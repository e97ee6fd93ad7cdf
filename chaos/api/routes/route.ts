import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { Controller } from '../controller.ts'

/** A Fastify plugin with the routes of one area. */
export type Routes = FastifyPluginAsyncTypebox<{ readonly controller: Controller }>

/** For the OpenAPI document: the route changes something and needs the token. */
export const tokenRequired = { security: [{ token: [] }] }
