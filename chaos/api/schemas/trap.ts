import { Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'

import { oneOf } from './contract-schema.ts'

const leaseMs = Type.Number({ exclusiveMinimum: 0, maximum: leaseMaxMs })
const closed = { additionalProperties: false }

export const TrapBodySchema = Type.Object(
  {
    link: Type.String({ description: 'A link or a pattern, such as api-*:postgres.' }),
    exchange: Type.String({
      minLength: 1,
      description: 'Signature such as COMMIT, POST /charges, bullmq addJob; * for any characters.',
    }),
    nth: Type.Optional(Type.Integer({ minimum: 1, description: 'Which match; 1 is the first.' })),
    phase: oneOf('before', 'after'),
    transaction: Type.Optional(
      Type.String({ minLength: 1, description: 'Only messages of this order: its key or id.' }),
    ),
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word
    then: Type.Optional(oneOf('cut', 'silence', 'deliver', 'hold')),
    delayMs: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'Instead of then.' })),
    reply: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Instead of then: the caller gets this error of the protocol (503 busy, 40001 ..., LOADING ...).',
      }),
    ),
    kill: Type.Optional(oneOf('caller', 'callee')),
    pause: Type.Optional(oneOf('caller', 'callee')),
    leaseMs: Type.Optional(leaseMs),
  },
  closed,
)

/** Body of a release. */
export const ReleaseSchema = Type.Object(
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word
  { then: oneOf('deliver', 'cut', 'silence') },
  closed,
)

export const TrapStatusSchema = Type.Object({
  order: Type.Object({ id: Type.String(), exchange: Type.String(), phase: Type.String() }),
  state: oneOf('armed', 'held', 'sprung', 'expired'),
  seen: Type.Integer({ description: 'Matches so far.' }),
})

export const TapBodySchema = Type.Object(
  {
    link: Type.String({ description: 'A link or a pattern; * is all of them.' }),
    transactions: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Texts to look for in messages, beside the keys of the workload.',
      }),
    ),
    leaseMs: Type.Optional(leaseMs),
  },
  closed,
)
