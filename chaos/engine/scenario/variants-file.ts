import { Type } from 'typebox'
import type { TProperties, TSchema } from 'typebox'

import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { closedObject } from '#chaos/lib/values.ts'

import { findProblem } from './find-problem.ts'
import { methodSchema } from './method-schema.ts'
import type { TimedStepFile, TrapStepFile } from './method-schema.ts'
import { createScenarioErrors } from './scenario-errors.ts'
import { scenarioLanguage } from './scenario-schema.ts'
import type { ScenarioFile } from './scenario-schema.ts'
import { readScenarioText } from './scenario-text.ts'
import { durationValue } from './scenario-values.ts'
import type { WorkloadFile } from './workload-schema.ts'

export type Step = TimedStepFile | TrapStepFile

/** One corner of the lab's method: other lengths, positions, sizes or targets of the same kind of fault. */
export interface Variant {
  readonly name: string
  /** One sentence: what happens. */
  readonly what: string
  /** Length of its part of the load. */
  readonly lasts: string
  readonly method: readonly Step[]
  /** Under the system's own key: operations of a special kind during this variant. */
  readonly [special: string]: unknown
}

/** The content of a lab's `variants.yaml`. */
export interface VariantsFile {
  readonly variants: readonly Variant[]
  /** Replaces settings of the scenario's workload; no duration. */
  readonly workload?: Partial<WorkloadFile>
  /** Replaces the expectations of the scenario. Absent: the same. */
  readonly expect?: ScenarioFile['expect']
  readonly recovery?: string
  /** How long the variants of one check last together. Cuts the limit of the check, never lengthens it. */
  readonly budget?: string
}

const schemas = new WeakMap<System, TSchema>()

/** The schema of a lab's `variants.yaml`. Validators are kept by it, so each system has one. */
function variantsSchemaOf(system: System): TSchema {
  const schema = schemas.get(system) ?? createVariantsSchema(system)
  schemas.set(system, schema)
  return schema
}

const createVariantsSchema = (system: System) =>
  Type.Object(
    {
      variants: Type.Array(
        Type.Object(
          {
            name: Type.String({
              pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
              maxLength: 40,
              description: 'Name in verdicts, such as both-stores.',
            }),
            what: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'One sentence: what happens.',
            }),
            lasts: durationValue('Length of its part of the load.'),
            method: methodSchema(scenarioLanguage(system).words.faults),
            ...specialKey(system),
          },
          { ...closedObject, description: 'A corner of the failure.' },
        ),
        {
          minItems: 1,
          maxItems: 20,
          description: 'They run one after the other, in a seeded sequence.',
        },
      ),
      workload: Type.Optional(
        Type.Record(Type.String({ maxLength: 40 }), Type.Unknown(), {
          description: "Replaces keys of the scenario's workload; not its duration.",
        }),
      ),
      expect: Type.Optional(
        Type.Array(Type.Unknown(), {
          minItems: 1,
          maxItems: 40,
          description: "Replaces the scenario's expectations.",
        }),
      ),
      recovery: Type.Optional(durationValue("Replaces the scenario's recovery.")),
      budget: Type.Optional(
        durationValue(
          'How long the variants of one check last together, when the limit of the check would make it too long. At least one variant runs.',
        ),
      ),
    },
    {
      ...closedObject,
      $id: 'unhappy-path-variants',
      description: 'A file of variants needs variants.',
    },
  )

/** The schema as a JSON Schema text for editors: `docs/variants.schema.json`. */
export function variantsJsonSchema(system: System): string {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...variantsSchemaOf(system) }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** The text of a file of variants, and its name for error messages. */
export interface VariantsText {
  readonly file: string
  readonly text: string
}

/** Stands for every variant of the lab. No variant has this name. */
const allVariants = 'all'

/** Throws {@link InputError} for an error in the file. */
export function readVariants({ file, text }: VariantsText, system: System): VariantsFile {
  const read = readScenarioText(text, file)
  const problem = findProblem(variantsSchemaOf(system), read.value)
  if (problem !== null) throw createScenarioErrors(file, read).problem(problem)
  const variants = read.value as VariantsFile
  const names = variants.variants.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new InputError(`${file}: two variants have the name "${twice}".`, {
      remedy: 'Give each variant a name of its own.',
    })
  if (names.includes(allVariants))
    throw new InputError(`${file}: no variant can have the name "${allVariants}".`, {
      remedy: 'Choose another name: this one stands for every variant.',
    })
  return variants
}

/** The variants with these names, in this sequence; `all` stands for each one. Throws {@link InputError} for another name. */
export function variantsNamed(
  variants: readonly Variant[],
  names: readonly string[],
): readonly Variant[] {
  return names.flatMap((name) => {
    if (name === allVariants) return variants
    const found = variants.find((variant) => variant.name === name)
    if (found !== undefined) return [found]
    throw unknownName('variant', name, [...variants.map((known) => known.name), allVariants])
  })
}

function specialKey(system: System): TProperties {
  const { special } = workloadOf(system)
  return special === undefined ? {} : { [special.key]: Type.Optional(special.schema) }
}
