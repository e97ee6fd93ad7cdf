import { Type } from 'typebox'
import type { Static } from 'typebox'

import { textLengthMax } from '#chaos/contracts/max.ts'
import { closedObject } from '#chaos/lib/values.ts'

/** A name of a part. It becomes a part of the names of links, and of a database. */
const namePattern = '^[a-z][a-z0-9_-]{0,30}$'
const wanted = 'lower-case letters, digits, - and _, and begins with a letter'

const text = (description: string) =>
  Type.String({ minLength: 1, maxLength: textLengthMax, description })

const ProcessSchema = Type.Object(
  {
    command: Type.Union(
      [Type.String({ minLength: 1 }), Type.Array(Type.String(), { minItems: 1 })],
      {
        wanted: 'a command line for the shell, or a list of the program and its arguments',
        description: 'Starts the process: a command line for /bin/sh, or a list.',
      },
    ),
    folder: Type.Optional(
      text('Working folder, relative to this file. The folder of this file when absent.'),
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description:
          'Where it listens on 127.0.0.1. When absent, it receives a free port as PORT and ${port}.',
      }),
    ),
    ready: Type.Optional(
      Type.String({
        pattern: '^/',
        maxLength: textLengthMax,
        wanted: 'a path, such as /health',
        description:
          'A path that answers 2xx when the process is ready. When absent, it is ready as soon as it listens; a process that no link leads to, as soon as it runs.',
      }),
    ),
    env: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Unsafe<string | number | boolean>({
          type: ['string', 'number', 'boolean'],
          wanted: 'a text, a number, true or false',
        }),
        {
          description:
            'Variables. ${link.db.url}, ${link.db.host} and ${link.db.port} are the address of the link to db; ${port} is the own port.',
        },
      ),
    ),
  },
  { ...closedObject, description: 'A process needs command.' },
)

const StoreSchema = Type.Object(
  {
    address: Type.Optional(
      Type.String({
        pattern: '^(postgres|postgresql|redis)://.+',
        maxLength: textLengthMax,
        wanted: 'a URL that begins with postgres:// or redis://',
        description: 'URL of a Postgres or Redis of yours that runs already.',
      }),
    ),
    managed: Type.Optional(
      Type.Enum(['postgres', 'redis'], {
        description: 'A throw-away store of this kind: it begins empty and ends with the sandbox.',
      }),
    ),
  },
  {
    ...closedObject,
    minProperties: 1,
    maxProperties: 1,
    description: 'Either address or managed.',
  },
)

const link = Type.String({
  pattern: '^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$',
  wanted: 'caller:callee, such as web:db or client:web',
  description: 'caller:callee. The caller client stands for requests from outside.',
})

const parts = <Part extends ReturnType<typeof Type.Object>>(part: Part, description: string) =>
  Type.Record(Type.String(), part, {
    propertyNames: { pattern: namePattern, wanted },
    description,
  })

/** A system file: the processes, stores and links of a user's own system. It validates files; editors use its JSON form. */
export const systemFileSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,30}$',
      wanted: 'lower-case letters, digits and _, and begins with a letter',
      description:
        'One word. A managed Postgres has a database, a user and a password of this name.',
    }),
    processes: parts(ProcessSchema, 'The processes, by name.'),
    stores: Type.Optional(parts(StoreSchema, 'The stores, by name.')),
    links: Type.Array(
      Type.Union([
        link,
        Type.Object(
          {
            link,
            protocol: Type.Enum(['http', 'bytes'], {
              description: 'To a process. http when absent. bytes: no message is recognised.',
            }),
          },
          closedObject,
        ),
      ]),
      { minItems: 1, maxItems: 80, description: 'Which part calls which one.' },
    ),
  },
  {
    ...closedObject,
    $id: 'unhappy-path-system',
    description: 'A system file needs name, processes and links.',
  },
)

export type SystemFile = Static<typeof systemFileSchema>
export type ProcessFile = SystemFile['processes'][string]
export type StoreFile = NonNullable<SystemFile['stores']>[string]

/** The schema as a JSON Schema text for editors: `docs/system.schema.json`. */
export function systemFileJsonSchema(): string {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...systemFileSchema }
  return `${JSON.stringify(schema, null, 2)}\n`
}
