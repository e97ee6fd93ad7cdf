import { Type } from 'typebox'

import type { RedisReply, SqlRows } from '#chaos/contracts/api.ts'

import { contractSchema, list, nullable } from './contract-schema.ts'

const tookMs = Type.Integer({ description: 'Milliseconds, with the connection.' })

export const SqlRowsSchema = contractSchema<SqlRows>()(
  Type.Object({
    columns: list(Type.String()),
    rows: list(list(nullable(Type.String()))),
    more: Type.Boolean({ description: 'Whether there are more rows than these.' }),
    tookMs,
  }),
)

export const RedisReplySchema = contractSchema<RedisReply>()(
  Type.Object({
    reply: Type.String({ description: 'The reply as redis-cli prints it.' }),
    tookMs,
  }),
)
