import { Type } from 'typebox'
import type { TSchema } from 'typebox'

import { nameLengthMax, textLengthMax } from '#chaos/contracts/max.ts'
import { durationValue, withDefault } from '#chaos/engine/scenario/scenario-values.ts'
import { closedObject } from '#chaos/lib/values.ts'

import type { Corrections } from '../effect.ts'
import type { Scalar } from '../snapshot.ts'

export const settleDefaultMs = 5_000
export const timeoutDefaultMs = 1_500
export const rowsMaxDefault = 10_000

/** The content of a flow file that matches the schema. */
export interface FlowFile extends Corrections {
  readonly description?: string
  readonly requests: readonly RequestFile[]
  readonly to?: string
  readonly success?: OutcomeFile
  readonly refusal?: OutcomeFile
  readonly timeout?: string
  readonly settle?: string
  readonly retry?: boolean
  readonly tables?: readonly string[]
  readonly where?: Readonly<Record<string, string>>
  readonly rowsMax?: number
  readonly services?: readonly string[]
  readonly expect?: readonly StatementFile[]
}

/** `POST /orders`, or with a body and headers. */
export interface RequestFile {
  readonly send: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface OutcomeFile {
  readonly status?: readonly number[]
  readonly json?: Readonly<Record<string, Scalar>>
}

export interface StatementFile {
  readonly sql?: string
  readonly redis?: string
  readonly http?: string
  readonly of?: string
  readonly at?: string
  readonly equals: Scalar
}

const text = (description: string) =>
  Type.String({ minLength: 1, maxLength: textLengthMax, description })

const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: nameLengthMax }), {
    maxItems: 200,
    description,
  })

const scalar = (description: string) =>
  Type.Unsafe({
    type: ['string', 'number', 'boolean', 'null'],
    wanted: 'a text, a number, true, false or null',
    description,
  })

const outcome = (description: string) =>
  Type.Object(
    {
      status: Type.Optional(
        Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
          minItems: 1,
          maxItems: 500,
          description: 'The statuses.',
        }),
      ),
      json: Type.Optional(
        Type.Record(Type.String(), scalar('A value.'), {
          description: 'Fields that the JSON response must have, with these values.',
        }),
      ),
    },
    { ...closedObject, minProperties: 1, description },
  )

const request = Type.Object(
  {
    send: Type.String({
      pattern: '^(GET|POST|PUT|PATCH|DELETE) /',
      maxLength: textLengthMax,
      wanted: 'a method and a path, such as POST /orders',
      description: 'Method and path. `{{id}}` stands for the id of the run.',
    }),
    body: Type.Optional(Type.Unknown({ description: 'Sent as JSON.' })),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: textLengthMax }), {
        description: 'Further headers. `Idempotency-Key: {{id}}` is always sent.',
      }),
    ),
  },
  { ...closedObject, description: 'A request needs send.' },
)

const statement = Type.Object(
  {
    sql: Type.Optional(text('A SELECT with one value.')),
    redis: Type.Optional(text('A command of Redis.')),
    http: Type.Optional(
      text('An instance and a path: `payments /books`. It is read past the links.'),
    ),
    of: Type.Optional(text('The store, if there are several of its kind.')),
    at: Type.Optional(text('Where the value is in a JSON response: `charges.length`.')),
    equals: scalar('The value after a success response.'),
  },
  { ...closedObject, description: 'A statement needs equals, and one of sql, redis or http.' },
)

/** The schema of a flow file. */
export const flowFileSchema: TSchema = Type.Object(
  {
    description: Type.Optional(text('One line: what happens.')),
    requests: Type.Array(request, {
      minItems: 1,
      maxItems: 50,
      description: 'What the client sends, one after the other.',
    }),
    to: Type.Optional(text('The service that receives the requests, if several do.')),
    success: Type.Optional(outcome('Which responses are a success. When absent: every 2xx.')),
    refusal: Type.Optional(
      outcome(
        'Which responses say that nothing happened. When absent: a status from 300 to 499, or a JSON body with `definite: true`.',
      ),
    ),
    timeout: Type.Optional(
      durationValue(withDefault('How long the client waits for a response.', timeoutDefaultMs)),
    ),
    settle: Type.Optional(
      durationValue(
        withDefault(
          'The time after which everything that the flow has begun has certainly ended.',
          settleDefaultMs,
        ),
      ),
    ),
    retry: Type.Optional(
      Type.Boolean({
        description:
          'Without a final response, send the same id again; it must lead to exactly one effect. When absent: if the same id sent twice has one effect without a fault.',
      }),
    ),
    tables: Type.Optional(names('The tables of Postgres to read. When absent: all.')),
    where: Type.Optional(
      Type.Record(Type.String(), text('A condition in SQL.'), {
        description: 'A condition by table: only these rows are read.',
      }),
    ),
    rowsMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: `A table with more rows is not read, and the report says so. ${rowsMaxDefault} when absent.`,
      }),
    ),
    services: Type.Optional(
      names(
        'Services with a store of their own: `payments /books`. Each list of their JSON response is read as a table.',
      ),
    ),
    exactlyOne: Type.Optional(names('Tables in which a further row is a double effect.')),
    mayRepeat: Type.Optional(names('Tables in which a further row is legal, such as a log.')),
    ignore: Type.Optional(names('Tables that are not compared.')),
    mask: Type.Optional(names('Columns whose values are not compared: `orders.note`.')),
    keep: Type.Optional(names('Columns whose values are compared, even if they look random.')),
    expect: Type.Optional(
      Type.Array(statement, { maxItems: 50, description: 'Statements beside the learned effect.' }),
    ),
  },
  { ...closedObject, $id: 'unhappy-path-flow', description: 'A flow file needs requests.' },
)

/** The schemas with a table of their own in the documents. */
export const flowFileParts = { request, outcome: outcome('A condition on a response.'), statement }

/** The schema as a JSON Schema text for editors: `docs/flow.schema.json`. */
export function flowJsonSchema(): string {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...flowFileSchema }
  return `${JSON.stringify(schema, null, 2)}\n`
}
