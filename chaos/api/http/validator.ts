import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'

const options = { useDefaults: true, removeAdditional: false, strict: false } as const
/** JSON has its own types: `"5"` is no number. */
const body = new Ajv({ ...options, coerceTypes: false })
/** Everything in an address is text. */
const address = new Ajv({ ...options, coerceTypes: true })

export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? body : address).compile(schema)
