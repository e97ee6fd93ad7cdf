import { Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { countMax, entriesMax, nameLengthMax } from '#chaos/contracts/max.ts'

import { list, oneOf } from './contract-schema.ts'

const leaseMs = Type.Number({
  exclusiveMinimum: 0,
  maximum: leaseMaxMs,
  description: 'It ends after this time at the latest.',
})
const closed = { additionalProperties: false }

export const TrapBodySchema = Type.Object(
  {
    link: Type.String({
      maxLength: nameLengthMax,
      description: 'A link or a pattern, such as api-*:postgres.',
    }),
    exchange: Type.String({
      minLength: 1,
      maxLength: nameLengthMax,
      description:
        'Signature of the exchange, such as COMMIT, POST /charges or bullmq addJob. * matches any characters.',
    }),
    nth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: countMax,
        description: 'Number of the matching exchange. 1 is the first.',
      }),
    ),
    phase: oneOf('before', 'after'),
    transaction: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'Key or id of an order. The trap ignores other exchanges.',
      }),
    ),
    // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
    then: Type.Optional(oneOf('cut', 'silence', 'deliver', 'hold')),
    delayMs: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: leaseMaxMs,
        description: 'Delays the message. Replaces `then`.',
      }),
    ),
    reply: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description:
          'The caller receives this error of the protocol, such as 503 busy. Replaces `then`.',
      }),
    ),
    kill: Type.Optional(oneOf('caller', 'callee')),
    pause: Type.Optional(oneOf('caller', 'callee')),
    leaseMs: Type.Optional(leaseMs),
  },
  closed,
)

/** Body of the request that releases a held message. */
export const ReleaseSchema = Type.Object(
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
  { then: oneOf('deliver', 'cut', 'silence') },
  closed,
)

export const TrapStatusSchema = Type.Object({
  order: Type.Object({
    id: Type.String(),
    links: list(Type.String()),
    exchange: Type.String(),
    nth: Type.Integer({ minimum: 1 }),
    phase: oneOf('before', 'after'),
    // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
    then: Type.Object(
      { do: oneOf('cut', 'silence', 'delay', 'deliver', 'replace', 'hold') },
      { description: 'What happens to the message.' },
    ),
  }),
  state: oneOf('armed', 'held', 'sprung', 'expired'),
  seen: Type.Integer({ description: 'Number of matching exchanges so far.' }),
})

export const TapBodySchema = Type.Object(
  {
    link: Type.String({
      maxLength: nameLengthMax,
      description: 'A link or a pattern. * matches every link.',
    }),
    transactions: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: nameLengthMax }), {
        maxItems: entriesMax,
        description: 'Texts to find in messages, in addition to the keys of the orders.',
      }),
    ),
    leaseMs: Type.Optional(leaseMs),
  },
  closed,
)
