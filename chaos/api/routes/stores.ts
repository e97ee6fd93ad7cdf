import { Type } from 'typebox'

import { textLengthMax } from '#chaos/contracts/max.ts'

import { RedisReplySchema, SqlRowsSchema } from '../schemas/sql-rows.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const text = { minLength: 1, maxLength: textLengthMax }

/** They only read, and need the rights of a change: a statement can keep a store busy. */
export const storeRoutes: Routes = async (app, { controller: { stores } }) => {
  app.post(
    '/api/sql',
    {
      schema: {
        ...tokenRequired,
        summary: 'Executes one SQL statement that reads, through no link',
        body: Type.Object({ statement: Type.String(text) }, { additionalProperties: false }),
        response: { 200: SqlRowsSchema },
      },
    },
    async ({ body }) => stores.sql(body.statement),
  )
  app.post(
    '/api/redis',
    {
      schema: {
        ...tokenRequired,
        summary: 'Executes one Redis command that reads, through no link',
        body: Type.Object({ command: Type.String(text) }, { additionalProperties: false }),
        response: { 200: RedisReplySchema },
      },
    },
    async ({ body }) => stores.redis(body.command),
  )
}
