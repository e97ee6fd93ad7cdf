import { Type } from 'typebox'
import type { TProperties, TSchema } from 'typebox'

import type { AnyCheck } from '#chaos/contracts/check.ts'
import type { Fault } from '#chaos/contracts/fault.ts'
import { entriesMax, nameLengthMax, textLengthMax } from '#chaos/contracts/max.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { faults as allFaults } from '#chaos/faults/index.ts'
import { closedObject } from '#chaos/lib/values.ts'

import { recoveryDefaultMs, steadyStateDefaultMs } from './defaults.ts'
import { methodSchema } from './method-schema.ts'
import type { TimedStepFile, TrapStepFile } from './method-schema.ts'
import { withDefault, durationValue, eitherOr } from './scenario-values.ts'
import { ShopSchema } from './shop-schema.ts'
import type { ShopFile } from './shop-schema.ts'
import { workloadSchema } from './workload-schema.ts'
import type { WorkloadFile } from './workload-schema.ts'

/** The content of a scenario file that matches the schema. */
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

/** The faults and checks that a scenario may name. */
export interface Vocabulary {
  readonly faults: readonly Fault<string, TProperties>[]
  readonly checks: readonly AnyCheck[]
}

const faults: Vocabulary['faults'] = Object.values(allFaults)

/** How scenarios for a system are written. Validators are kept by their schema, so each system has one of each. */
export interface ScenarioLanguage {
  readonly words: Vocabulary
  readonly schema: TSchema
}

const languages = new WeakMap<System, ScenarioLanguage>()

export function scenarioLanguage(system: System): ScenarioLanguage {
  // Throws for a system without operations.
  workloadOf(system)
  const words = { faults, checks: Object.values(system.checks) }
  const language = languages.get(system) ?? { words, schema: createScenarioSchema(system, words) }
  languages.set(system, language)
  return language
}

/** The schema of a scenario file. It validates files; editors use its JSON form for completion. */
function createScenarioSchema(system: System, words: Vocabulary): TSchema {
  return Type.Object(
    {
      title: Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'One line: what breaks, and when.',
      }),
      description: Type.Optional(
        Type.String({ maxLength: textLengthMax, description: 'Further text for users.' }),
      ),
      seed: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 2 ** 32 - 1,
          description: 'Seed of all random choices. When absent, a new seed is used and printed.',
        }),
      ),
      workload: workloadSchema(system),
      shop: Type.Optional(ShopSchema),
      steadyState: Type.Optional(
        durationValue(
          withDefault('How long the load runs before the first fault.', steadyStateDefaultMs),
        ),
      ),
      recovery: Type.Optional(
        durationValue(
          withDefault(
            `How long the ${system.name} may take to settle after the heal.`,
            recoveryDefaultMs,
          ),
        ),
      ),
      method: Type.Optional(methodSchema(words.faults)),
      expect: Type.Array(expectationSchema(words.checks), {
        minItems: 1,
        maxItems: entriesMax,
        description: 'The checks that must hold, each with its parameters.',
      }),
    },
    {
      ...closedObject,
      $id: 'unhappy-path-scenario',
      description: 'A scenario needs at least title, workload and expect.',
    },
  )
}

/** The schema as a JSON Schema text for editors: `docs/scenario.schema.json`. */
export function scenarioJsonSchema(system: System): string {
  const { schema: own } = scenarioLanguage(system)
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...own }
  return `${JSON.stringify(schema, null, 2)}\n`
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
      // A check without required parameters needs only its name.
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
