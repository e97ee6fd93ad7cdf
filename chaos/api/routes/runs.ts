import { createReadStream } from 'node:fs'
import { extname } from 'node:path'

import { Type } from 'typebox'

import { pathLengthMax, scenarioLengthMax } from '#chaos/contracts/max.ts'

import { runFilePolicy, setPolicy } from '../http/security-headers.ts'
import { exportRun } from '../runs/export-run.ts'
import { folderForPage } from '../runs/folder-for-page.ts'
import { eventsForPage, exportForPage, runForPage } from '../runs/run-for-page.ts'
import { list, Name } from '../schemas/contract-schema.ts'
import { RunSummarySchema, RunViewSchema, VariantNames } from '../schemas/run.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const RunRequestSchema = Type.Object(
  {
    lab: Type.Optional(Name),
    version: Type.Optional(Name),
    scenario: Type.Optional(
      Type.String({ maxLength: scenarioLengthMax, description: 'Text of a scenario file.' }),
    ),
    file: Type.Optional(
      Type.String({
        maxLength: pathLengthMax,
        description: 'Name of that file, for error messages.',
      }),
    ),
    exerciseDir: Type.Optional(
      Type.String({
        maxLength: pathLengthMax,
        description: 'Folder of seam files that the shop loads.',
      }),
    ),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    quick: Type.Optional(
      Type.Boolean({
        description:
          'With lab: judges the scenario alone, without contract probes, sweep and variants.',
      }),
    ),
    variants: Type.Optional(VariantNames),
  },
  { additionalProperties: false },
)

const Id = Type.Object({ id: Name })

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
}

export const runRoutes: Routes = async (app, options) => {
  const { runs, labs } = options.controller
  await app.register(files, options)
  app.post(
    '/api/runs',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts a run of a lab or a scenario',
        body: RunRequestSchema,
        response: { 202: RunViewSchema },
      },
    },
    async ({ body, caller }, reply) => {
      const { exerciseDir } = body
      const named =
        caller === 'page' && exerciseDir !== undefined
          ? { ...body, exerciseDir: await folderForPage(exerciseDir) }
          : body
      return reply.code(202).send(await runs.start(named))
    },
  )
  app.get(
    '/api/runs',
    { schema: { summary: 'The runs, newest first', response: { 200: list(RunSummarySchema) } } },
    async () => runs.list(),
  )
  app.get(
    '/api/runs/:id',
    { schema: { summary: 'One run', params: Id, response: { 200: RunViewSchema } } },
    async ({ params, caller }) => {
      const run = await runs.get(params.id)
      return caller === 'page' ? await runForPage(labs, run) : run
    },
  )
  app.get(
    '/api/runs/:id/journal',
    {
      schema: {
        summary: 'The events of a run, in order',
        params: Id,
        querystring: Type.Object({
          after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
        }),
      },
    },
    async ({ params, query, caller }) => {
      const events = await runs.journal(params.id, query.after)
      if (caller !== 'page') return events
      return await eventsForPage(labs, await runs.get(params.id), events)
    },
  )
  app.delete(
    '/api/runs/:id',
    { schema: { ...tokenRequired, summary: 'Aborts the run', params: Id } },
    async (request, reply) => {
      await runs.abort(request.params.id)
      return reply.code(204).send()
    },
  )
}

const files: Routes = async (app, { controller: { runs, labs } }) => {
  app.get(
    '/api/runs/:id/export.json',
    { schema: { summary: 'Record, scenario, journal and history in one file', params: Id } },
    async ({ params, caller }, reply) => {
      const whole = await exportRun(runs, params.id, async (lab) => labs.record(lab))
      const exported = caller === 'page' ? await exportForPage(labs, whole) : whole
      // The id of the record, not the id of the request: a header must not contain foreign text.
      const name = `attachment; filename="${exported.run.id}.json"`
      return reply.header('content-disposition', name).send(exported)
    },
  )
  app.get(
    '/api/runs/:id/files/*',
    {
      schema: {
        summary: "A file of the run's folder",
        params: Type.Object({ id: Name, '*': Type.String({ maxLength: pathLengthMax }) }),
      },
    },
    async (request, reply) => {
      const path = await runs.file(request.params.id, request.params['*'])
      const type = contentTypes[extname(path)] ?? 'text/plain; charset=utf-8'
      return setPolicy(reply, runFilePolicy).type(type).send(createReadStream(path))
    },
  )
}
