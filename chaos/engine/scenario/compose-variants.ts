import { Type } from 'typebox'
import type { TProperties, TSchema } from 'typebox'

import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'
import { closedObject } from '#chaos/lib/values.ts'

import { buildScenario } from './build-scenario.ts'
import { findProblem } from './find-problem.ts'
import { methodSchema } from './method-schema.ts'
import type { TimedStepFile, TrapStepFile } from './method-schema.ts'
import { createScenarioErrors } from './scenario-errors.ts'
import { scenarioLanguage } from './scenario-schema.ts'
import type { ScenarioFile } from './scenario-schema.ts'
import { readScenarioText } from './scenario-text.ts'
import { durationValue } from './scenario-values.ts'
import type { WorkloadFile } from './workload-schema.ts'

type Step = TimedStepFile | TrapStepFile

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
}

/** Variants one after the other, in one load. */
export interface ComposedVariants {
  readonly scenario: Scenario
  /** In milliseconds from the start of the load with faults. */
  readonly parts: readonly VariantPart[]
  /** Variants that this run leaves out. */
  readonly leftOut: readonly string[]
}

export interface VariantPart {
  readonly name: string
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
  /** Number of its steps in the method. */
  readonly steps: number
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

/** The load continues for this long after the last variant: what a fault leaves behind must show. */
const afterwardsMs = 1_500

/**
 * Puts variants one after the other, in a seeded sequence, until `budgetMs` is used up; at least one. The same seed gives the
 * same sequence, and a smaller budget cuts only its end. Throws {@link InputError} for an error in one of the files.
 */
export function composeVariants(
  texts: {
    readonly scenario: { readonly file: string; readonly text: string }
    readonly variants: { readonly file: string; readonly text: string }
  },
  {
    system,
    seed,
    budgetMs,
  }: { readonly system: System; readonly seed: number; readonly budgetMs: number },
): ComposedVariants {
  const file = readVariants(texts.variants, system)
  const base = readScenarioText(texts.scenario.text, texts.scenario.file)
  const scenario = base.value as ScenarioFile
  const sequence = shuffle(file.variants, createRandom(seed).fork('variants'))
  const parts: VariantPart[] = []
  const method: Step[] = []
  const { special } = system.workload
  let workload: WorkloadFile = { ...scenario.workload, ...file.workload }
  for (const variant of sequence) {
    const fromMs = parts.at(-1)?.toMs ?? 0
    const toMs = fromMs + parseDuration(variant.lasts)
    if (parts.length > 0 && toMs > budgetMs) break
    const { name, what, method: steps } = variant
    parts.push({ name, what, fromMs, toMs, steps: steps.length })
    method.push(...steps.map((step) => later(step, fromMs)))
    const own = special === undefined ? undefined : variant[special.key]
    if (own !== undefined)
      workload = special?.add(workload, own as Record<string, unknown>, fromMs) as WorkloadFile
  }
  const durationMs = (parts.at(-1)?.toMs ?? 0) + afterwardsMs
  const { seed: _seed, ...rest } = scenario
  const composed: ScenarioFile = {
    ...rest,
    workload: { ...workload, duration: `${durationMs}ms` },
    method: fromTheStart(method),
    expect: file.expect ?? scenario.expect,
    ...(file.recovery === undefined ? {} : { recovery: file.recovery }),
  }
  const errors = createScenarioErrors(texts.variants.file, base)
  const { schema, words } = scenarioLanguage(system)
  const problem = findProblem(schema, composed)
  if (problem !== null) throw errors.problem(problem)
  const built = buildScenario(composed, { system, words, errors })
  return {
    scenario: built,
    parts,
    leftOut: sequence.slice(parts.length).map(({ name }) => name),
  }
}

/** Which variant was active at this moment of the load with faults. Undefined: none. */
export function variantAt(parts: readonly VariantPart[], ms: number): VariantPart | undefined {
  return parts.findLast(({ fromMs }) => fromMs <= ms)
}

function readVariants(
  { file, text }: { readonly file: string; readonly text: string },
  system: System,
): VariantsFile {
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
  return variants
}

/**
 * The same step, later. A step that counts from the one before stays: the first step of a variant counts from the last one of
 * the variant before.
 */
function later(step: Step, byMs: number): Step {
  if ('when' in step) {
    const fromMs = step.when.from === undefined ? 0 : parseDuration(step.when.from)
    return { ...step, when: { ...step.when, from: `${fromMs + byMs}ms` } }
  }
  return step.at === undefined ? step : { ...step, at: `${parseDuration(step.at) + byMs}ms` }
}

/** Before the first step there is none to count from: it counts from the start of the load. */
function fromTheStart([first, ...others]: readonly Step[]): readonly Step[] {
  if (first === undefined || 'when' in first || first.after === undefined)
    return first === undefined ? [] : [first, ...others]
  const { after: at, ...step } = first
  return [{ ...step, at }, ...others]
}

function specialKey({ workload: { special } }: System): TProperties {
  return special === undefined ? {} : { [special.key]: Type.Optional(special.schema) }
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  const rest = [...items]
  const out: T[] = []
  while (rest.length > 0) out.push(...rest.splice(random.integer(0, rest.length - 1), 1))
  return out
}
