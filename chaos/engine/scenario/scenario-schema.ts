import { Type } from 'typebox'
import type { TObject, TProperties, TSchema } from 'typebox'

import { checks as allChecks } from '#chaos/checks/index.ts'
import type { Fault } from '#chaos/contracts/fault.ts'
import { faults as allFaults } from '#chaos/faults/index.ts'

import { recoveryDefaultMs, steadyStateDefaultMs } from './defaults.ts'
import { methodSchema } from './method-schema.ts'
import type { TimedStepFile, TrapStepFile } from './method-schema.ts'
import { withDefault, closedObject, durationValue, eitherOr } from './scenario-values.ts'
import { ShopSchema } from './shop-schema.ts'
import type { ShopFile } from './shop-schema.ts'
import { WorkloadSchema } from './workload-schema.ts'
import type { WorkloadFile } from './workload-schema.ts'

/** A scenario file that fits the schema. */
export interface ScenarioFile {
  readonly title: string
  readonly description?: string
  readonly seed?: number
  readonly workload: WorkloadFile
  readonly shop?: ShopFile
  readonly steadyState?: string
  readonly recovery?: string
  readonly method?: readonly (TimedStepFile | TrapStepFile)[]
  readonly expect: readonly (string | Readonly<Record<string, Readonly<Record<string, unknown>>>>)[]
}

/** What a scenario may name. */
export interface Vocabulary {
  readonly faults: readonly Fault<string, TProperties>[]
  readonly checks: readonly {
    readonly name: string
    readonly description: string
    readonly params: TObject
  }[]
}

export const vocabulary: Vocabulary = {
  faults: Object.values(allFaults),
  checks: Object.values(allChecks),
}

/** The schema of a scenario file. It validates, and as JSON it is what editors complete from. */
export function createScenarioSchema(words: Vocabulary = vocabulary): TSchema {
  return Type.Object(
    {
      title: Type.String({ minLength: 1, description: 'One line: what breaks, and when.' }),
      description: Type.Optional(Type.String({ description: 'More about it, for people.' })),
      seed: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 2 ** 32 - 1,
          description: 'Of everything random. A new one, printed, when absent.',
        }),
      ),
      workload: WorkloadSchema,
      shop: Type.Optional(ShopSchema),
      steadyState: Type.Optional(
        durationValue(
          withDefault('How long the load runs before anything is broken.', steadyStateDefaultMs),
        ),
      ),
      recovery: Type.Optional(
        durationValue(
          withDefault(
            'How long the shop may take to come to rest after the heal.',
            recoveryDefaultMs,
          ),
        ),
      ),
      method: Type.Optional(methodSchema(words.faults)),
      expect: Type.Array(expectationSchema(words.checks), {
        minItems: 1,
        description: 'What must hold: checks, each with its parameters.',
      }),
    },
    {
      ...closedObject,
      $id: 'unhappy-path-scenario',
      description: 'A scenario needs at least title, workload and expect.',
    },
  )
}

/** `no-lost-orders`, or `availability: { of: browse, atLeast: 0.99 }`. */
function expectationSchema(checks: Vocabulary['checks']): TSchema {
  const withParams = checks.map(({ name, description, params }) => {
    const schema = Type.Object(params.properties, { ...closedObject, description })
    return [name, Type.Optional(schema)] as const
  })
  const names = checks.map(({ name }) => name)
  return eitherOr(
    { type: 'string' },
    {
      // By its name alone goes what needs no parameters.
      yes: Type.Enum(names, { names: 'check' }),
      no: Type.Object(Object.fromEntries(withParams), {
        ...closedObject,
        minProperties: 1,
        maxProperties: 1,
        names: 'check',
      }),
    },
  )
}
