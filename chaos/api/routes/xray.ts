import { createReadStream } from 'node:fs'
import { extname } from 'node:path'

import { Type } from 'typebox'

import { InputError } from '#chaos/lib/errors.ts'

import { runFilePolicy, setPolicy } from '../http/security-headers.ts'
import { folderForPage } from '../runs/folder-for-page.ts'
import { Name } from '../schemas/contract-schema.ts'
import {
  XrayListSchema,
  XrayBodySchema,
  XraySummarySchema,
  XrayViewSchema,
} from '../schemas/xray.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const Id = Type.Object({ id: Name })

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
}

export const xrayRoutes: Routes = async (app, options) => {
  const { xrays } = options.controller
  await app.register(cells, options)
  app.get(
    '/api/xrays',
    { schema: { summary: 'The X-rays, newest first', response: { 200: XrayListSchema } } },
    async () => xrays.list(),
  )
  app.post(
    '/api/xrays',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts an X-ray: in its own sandboxes, or in Docker in this sandbox',
        body: XrayBodySchema,
        response: { 202: XraySummarySchema },
      },
    },
    async ({ body, caller }, reply) => {
      const { exerciseDir } = body
      // A module would be loaded from any path. The page names files of the adopted folder.
      if (caller === 'page' && body.file !== undefined)
        throw new InputError('The page cannot send a flow file.', {
          remedy: 'Send the name of a flow file of the adopted folder as flow.',
          status: 403,
        })
      const named =
        caller === 'page' && exerciseDir !== undefined
          ? { ...body, exerciseDir: await folderForPage(exerciseDir) }
          : body
      return reply.code(202).send(await xrays.start(named))
    },
  )
  app.get(
    '/api/xrays/:id',
    {
      schema: {
        summary: 'One X-ray, finished or not',
        params: Id,
        response: { 200: XrayViewSchema },
      },
    },
    async (request) => xrays.get(request.params.id),
  )
  app.delete(
    '/api/xrays/:id',
    {
      schema: {
        ...tokenRequired,
        summary: 'Stops the X-ray that this controller has started',
        params: Id,
      },
    },
    async (request, reply) => {
      await xrays.stop(request.params.id)
      return reply.code(204).send()
    },
  )
}

const cells: Routes = async (app, { controller: { xrays } }) => {
  app.get(
    '/api/xrays/:id/cells/:step/:column',
    {
      schema: {
        summary: 'One cell with its history',
        params: Type.Object({ id: Name, step: Name, column: Name }),
      },
    },
    async ({ params: { id, step, column } }) => xrays.cell(id, `${step}/${column}`),
  )
  app.get(
    '/api/xrays/:id/files/:name',
    {
      schema: {
        summary: 'The file xray.html or xray.json',
        params: Type.Object({ id: Name, name: Name }),
      },
    },
    async (request, reply) => {
      const path = await xrays.file(request.params.id, request.params.name)
      const type = contentTypes[extname(path)] ?? 'text/plain; charset=utf-8'
      return setPolicy(reply, runFilePolicy).type(type).send(createReadStream(path))
    },
  )
}
