import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { Controller } from '../controller.ts'

/** A Fastify plugin with the routes of one area. */
export type Routes = RoutesWith<{ readonly controller: Controller }>

export type RoutesWith<Options extends object> = FastifyPluginAsyncTypebox<Options>

/** For the OpenAPI document: the route changes something. Token, or session with its page key. */
export const tokenRequired = { security: [{ token: [] }, { session: [], pageKey: [] }] }

/** Options of a route that refuses a session. */
export const ownerOnly = { config: { ownerOnly: true }, schema: { security: [{ token: [] }] } }
