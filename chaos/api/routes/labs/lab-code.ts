import { Type } from 'typebox'

import type { SaveConflict } from '#chaos/contracts/api.ts'
import { countMax } from '#chaos/contracts/max.ts'

import { Name } from '../../schemas/contract-schema.ts'
import {
  CompletionsSchema,
  DiagnosticsSchema,
  HoverSchema,
  LabCodeSchema,
  SaveConflictSchema,
  SavedFileSchema,
} from '../../schemas/lab-code.ts'
import { tokenRequired } from '../route.ts'
import type { Routes } from '../route.ts'

const Id = Type.Object({ id: Name })

/** Bytes of a seam file. */
const textMax = 1_048_576

const text = Type.String({ maxLength: textMax })
const closed = { additionalProperties: false }
const Text = Type.Object({ text, seam: Type.Optional(Name) }, closed)
const position = Type.Integer({ minimum: 1, maximum: countMax, description: 'From 1.' })
const TextAt = Type.Object(
  { text, seam: Type.Optional(Name), line: position, column: position },
  closed,
)
const Save = Type.Object(
  {
    text,
    basedOn: Type.String({
      maxLength: 64,
      pattern: '^[0-9a-f]{64}$',
      description: 'The version that the change started from.',
    }),
  },
  closed,
)

export const labCodeRoutes: Routes = async (app, options) => {
  await app.register(files, options)
  await app.register(types, options)
}

const files: Routes = async (app, { controller: { editor } }) => {
  app.get(
    '/api/labs/:id/code',
    {
      schema: {
        summary: "The learner's files, the types that they use, and files that the README names",
        params: Id,
        response: { 200: LabCodeSchema },
      },
    },
    async (request) => editor.code(request.params.id),
  )
  app.put(
    '/api/labs/:id/code/:seam',
    {
      schema: {
        ...tokenRequired,
        summary: "Saves a learner's file. 409 when the file on disk is another version.",
        params: Type.Object({ id: Name, seam: Name }),
        body: Save,
        response: { 200: SavedFileSchema, 409: SaveConflictSchema },
      },
    },
    async ({ params: { id, seam }, body }, reply) => {
      const result = await editor.save(id, seam, body)
      if ('saved' in result) return result.saved
      const { path, text: onDisk, version } = result.conflict
      const conflict: SaveConflict = {
        error: `${path} is not the version ${body.basedOn.slice(0, 8)} any more. Nothing was saved.`,
        remedy: 'Compare the two texts, then save again based on the new version.',
        status: 409,
        text: onDisk,
        version,
      }
      return reply.code(409).send(conflict)
    },
  )
}

const types: Routes = async (app, { controller: { editor } }) => {
  app.post(
    '/api/labs/:id/diagnostics',
    {
      schema: {
        ...tokenRequired,
        summary: 'Type errors of a text; for the saved text also why it does not load',
        params: Id,
        body: Text,
        response: { 200: DiagnosticsSchema },
      },
    },
    async ({ params, body }) => editor.diagnostics(params.id, body),
  )
  app.post(
    '/api/labs/:id/completions',
    {
      schema: {
        ...tokenRequired,
        summary: 'What can be written at a position',
        params: Id,
        body: TextAt,
        response: { 200: CompletionsSchema },
      },
    },
    async ({ params, body }) => editor.completions(params.id, body),
  )
  app.post(
    '/api/labs/:id/hover',
    {
      schema: {
        ...tokenRequired,
        summary: 'Type and comment of what is at a position',
        params: Id,
        body: TextAt,
        response: { 200: HoverSchema },
      },
    },
    async ({ params, body }) => editor.hover(params.id, body),
  )
}
