import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { Controller } from '../controller.ts'

/** A plugin with the routes of one area. */
export type Routes = FastifyPluginAsyncTypebox<{ readonly controller: Controller }>

/** For the document: a change needs the token. */
export const tokenRequired = { security: [{ token: [] }] }
