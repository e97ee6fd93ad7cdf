import { Type } from 'typebox'

import { CatalogueViewSchema } from '../schemas/catalogue.ts'
import { list } from '../schemas/contract-schema.ts'
import { AliveViewSchema, DirectConnectionsSchema, sandboxViewSchema } from '../schemas/sandbox.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

export const sandboxRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/alive',
    {
      schema: {
        summary: 'Which controller listens. Asks no other process, so it responds at once.',
        response: { 200: AliveViewSchema },
      },
    },
    () => controller.alive(),
  )
  app.get(
    '/api/sandbox',
    {
      schema: {
        summary: 'The whole state of the sandbox',
        response: { 200: sandboxViewSchema(controller.system) },
      },
    },
    async () => controller.sandbox.view(),
  )
  app.delete(
    '/api/sandbox',
    {
      schema: {
        ...tokenRequired,
        summary: 'Takes the sandbox down',
        response: { 202: Type.Object({ goingDown: Type.Boolean() }) },
      },
    },
    async (_request, reply) => {
      reply.raw.once('finish', () => controller.sandbox.shutDown())
      return reply.code(202).send({ goingDown: true })
    },
  )
  app.post(
    '/api/sandbox/restore',
    {
      schema: {
        ...tokenRequired,
        summary: 'Restores the shop: its own code, every safety net, empty books, no fault',
      },
    },
    async (_request, reply) => {
      await controller.sandbox.restore()
      return reply.code(204).send()
    },
  )
  app.get(
    '/api/direct-connections',
    {
      schema: {
        summary: 'Open connections of an adopted Compose project that pass no link',
        response: { 200: list(DirectConnectionsSchema) },
      },
    },
    async () => controller.sandbox.directConnections(),
  )
  app.get(
    '/api/catalogue',
    {
      schema: {
        summary: 'The faults and checks that this sandbox knows',
        response: { 200: CatalogueViewSchema },
      },
    },
    () => controller.catalogue(),
  )
}
