import { Type } from 'typebox'
import type { TProperties, TSchema } from 'typebox'

import type { Fault } from '#chaos/contracts/fault.ts'
import { countMax, entriesMax, nameLengthMax } from '#chaos/contracts/max.ts'
import { closedObject } from '#chaos/lib/values.ts'

import { durationValue, eitherOr } from './scenario-values.ts'

type AnyFault = Fault<string, TProperties>

/** `inject:` has one key, the kind of fault. Its value has the target and the parameters. */
export type InjectFile = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type ThenFile =
  | 'cut'
  | 'silence'
  | 'deliver'
  | { readonly delay: string }
  | { readonly until: 'final' }

export interface TimedStepFile {
  readonly at?: string
  readonly after?: string
  readonly from?: string
  readonly inject: InjectFile
  readonly for?: string
}

export interface TrapStepFile {
  readonly when: {
    readonly link: string
    readonly exchange: string
    readonly phase: 'before' | 'after'
    readonly nth?: number
    readonly transaction?: string
    readonly sameOrder?: true
    readonly from?: string
  }
  readonly then?: ThenFile
  readonly inject?: InjectFile
  readonly for?: string
}

/** `method:` of a scenario file: faults over time, and faults on one exact message. */
export function methodSchema(faults: readonly AnyFault[]): TSchema {
  const inject = injectSchema(faults)
  const forHowLong = Type.Optional(
    durationValue('How long the fault lasts. Until the heal phase when absent.'),
  )
  const timed = Type.Object(
    {
      at: Type.Optional(durationValue('Time of the fault, from the start of the load.')),
      after: Type.Optional(
        durationValue(
          'Instead of at: time after the previous step was in effect on all its targets. A deploy takes a while until then.',
        ),
      ),
      from: Type.Optional(
        durationValue('Only with after: not before this time after the start of the load.'),
      ),
      inject,
      for: forHowLong,
    },
    closedObject,
  )
  const trap = Type.Object(
    {
      when: WhenSchema,
      // oxlint-disable-next-line unicorn/no-thenable -- the word of the scenario file
      then: Type.Optional(ThenSchema),
      inject: Type.Optional(inject),
      for: forHowLong,
    },
    closedObject,
  )
  const isTrap = { type: 'object', required: ['when'] }
  const step = eitherOr<TimedStepFile | TrapStepFile>(isTrap, { yes: trap, no: timed })
  return Type.Array(step, {
    maxItems: entriesMax,
    description: 'The faults and when they are injected.',
  })
}

const WhenSchema = Type.Object(
  {
    link: Type.String({
      maxLength: nameLengthMax,
      description: 'Link or pattern, such as api-*:postgres.',
    }),
    exchange: Type.String({
      minLength: 1,
      maxLength: nameLengthMax,
      description: 'Signature, such as COMMIT or POST /charges; * stands for any characters.',
    }),
    phase: Type.Enum(['before', 'after'], {
      description:
        'before: the request is not yet executed. after: it is executed and its reply not yet delivered.',
    }),
    nth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: countMax,
        description: 'Which match springs the trap, from 1. 1 when absent.',
      }),
    ),
    transaction: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'Only messages that carry this text.',
      }),
    ),
    sameOrder: Type.Optional(
      Type.Literal(true, {
        description:
          'Only messages of the order that the previous trap hit. The trap is armed when that one has sprung.',
      }),
    ),
    from: Type.Optional(
      durationValue('The trap is armed at this time after the start of the load. 0s when absent.'),
    ),
  },
  { ...closedObject, description: 'The message that springs the trap.' },
)

const ThenSchema = eitherOr<ThenFile>(
  { type: 'object' },
  {
    yes: eitherOr<{ readonly delay: string } | { readonly until: 'final' }>(
      { type: 'object', required: ['until'] },
      {
        yes: Type.Object(
          {
            until: Type.Enum(['final'], {
              description: 'The message is held until its order has a final status.',
            }),
          },
          closedObject,
        ),
        no: Type.Object(
          { delay: durationValue('How much later the message is delivered.') },
          closedObject,
        ),
      },
    ),
    no: Type.Enum(['cut', 'silence', 'deliver'], {
      wanted: 'cut, silence, deliver, { delay: 2s } or { until: final }',
    }),
  },
  { description: 'What happens to the message.' },
)

function injectSchema(faults: readonly AnyFault[]): TSchema {
  const kinds = faults.map((fault) => [fault.kind, Type.Optional(faultSchema(fault))] as const)
  return Type.Object(Object.fromEntries(kinds), {
    ...closedObject,
    minProperties: 1,
    maxProperties: 1,
    names: 'fault',
    description: 'One fault, with its target and its parameters.',
  })
}

function faultSchema(fault: AnyFault): TSchema {
  const target = Type.String({
    minLength: 1,
    maxLength: nameLengthMax,
    description: targetWords[fault.target],
  })
  const store = Type.Enum([...(fault.stores ?? [])], { description: targetWords.store })
  return Type.Object(
    {
      [fault.target]: fault.target === 'store' ? Type.Optional(store) : target,
      ...fault.params.properties,
    },
    { ...closedObject, description: fault.description },
  )
}

const targetWords = {
  link: 'Link or pattern, such as worker-*:payments.',
  instance: 'Instance or pattern, such as api-1 or worker-*; in a trap also caller or callee.',
  store: 'postgres or redis.',
} as const
