import type { Scenario } from '#chaos/contracts/scenario.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'

import { buildScenario } from './build-scenario.ts'
import { findProblem } from './find-problem.ts'
import { createScenarioErrors } from './scenario-errors.ts'
import { scenarioLanguage } from './scenario-schema.ts'
import type { ScenarioFile } from './scenario-schema.ts'
import { readScenarioText } from './scenario-text.ts'
import { readVariants, variantsNamed } from './variants-file.ts'
import type { Step, Variant, VariantsFile, VariantsText } from './variants-file.ts'
import type { WorkloadFile } from './workload-schema.ts'

/** Variants one after the other, in one load. */
export interface ComposedVariants {
  readonly scenario: Scenario
  /** In milliseconds from the start of the load with faults. */
  readonly parts: readonly VariantPart[]
  /** Variants that this run leaves out. */
  readonly leftOut: readonly string[]
  /** The user named them: the headline of the verdict does so too. */
  readonly named?: true
}

/** Either a seeded sequence of variants that takes at most `budgetMs`, or the named ones. */
export type VariantsChoice =
  | { readonly seed: number; readonly budgetMs: number }
  | { readonly names: readonly string[] }

export interface VariantPart {
  readonly name: string
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
  /** Number of its steps in the method. */
  readonly steps: number
}

/** The load continues for this long after the last variant: what a fault leaves behind must show. */
const afterwardsMs = 1_500

/**
 * Puts variants one after the other in one load. Throws {@link InputError} for an error in one of the files, and for an
 * unknown name.
 */
export function composeVariants(
  texts: { readonly scenario: VariantsText; readonly variants: VariantsText },
  choice: VariantsChoice & { readonly system: System },
): ComposedVariants {
  const { system } = choice
  const file = readVariants(texts.variants, system)
  const base = readScenarioText(texts.scenario.text, texts.scenario.file)
  const scenario = base.value as ScenarioFile
  const { chosen, leftOut } = choose(file, choice)
  const parts: VariantPart[] = []
  const method: Step[] = []
  const { special } = workloadOf(system)
  let workload: WorkloadFile = { ...scenario.workload, ...file.workload }
  for (const variant of chosen) {
    const fromMs = parts.at(-1)?.toMs ?? 0
    const toMs = fromMs + parseDuration(variant.lasts)
    const { name, what, method: steps } = variant
    parts.push({ name, what, fromMs, toMs, steps: steps.length })
    method.push(...steps.map((step) => later(step, fromMs)))
    if (special !== undefined && special.key in variant) {
      const own = variant[special.key] as Record<string, unknown>
      workload = special.add(workload, own, fromMs) as WorkloadFile
    }
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
  return { scenario: built, parts, leftOut, ...('names' in choice ? { named: true } : {}) }
}

/** The same seed gives the same sequence, and a smaller budget cuts only its end; at least one variant stays. */
function choose(
  { variants: all, budget }: VariantsFile,
  choice: VariantsChoice,
): { readonly chosen: readonly Variant[]; readonly leftOut: readonly string[] } {
  if ('names' in choice) return { chosen: variantsNamed(all, choice.names), leftOut: [] }
  const budgetMs = Math.min(
    choice.budgetMs,
    budget === undefined ? Infinity : parseDuration(budget),
  )
  const sequence = shuffle(all, createRandom(choice.seed).fork('variants'))
  let count = 0
  let endMs = 0
  for (const { lasts } of sequence) {
    endMs += parseDuration(lasts)
    if (count > 0 && endMs > budgetMs) break
    count += 1
  }
  return {
    chosen: sequence.slice(0, count),
    leftOut: sequence.slice(count).map(({ name }) => name),
  }
}

/** Which variant was active at this moment of the load with faults. Undefined: none. */
export function variantAt(parts: readonly VariantPart[], ms: number): VariantPart | undefined {
  return parts.findLast(({ fromMs }) => fromMs <= ms)
}

/**
 * The same step, later. A step that counts from the one before is at least not earlier: the first step of a variant counts from
 * the last one of the variant before, which may be short.
 */
function later(step: Step, byMs: number): Step {
  if ('when' in step) {
    const fromMs = step.when.from === undefined ? 0 : parseDuration(step.when.from)
    return { ...step, when: { ...step.when, from: `${fromMs + byMs}ms` } }
  }
  if (step.at !== undefined) return { ...step, at: `${parseDuration(step.at) + byMs}ms` }
  const fromMs = step.from === undefined ? 0 : parseDuration(step.from)
  return { ...step, from: `${fromMs + byMs}ms` }
}

/** Before the first step there is none to count from: it counts from the start of the load. */
function fromTheStart([first, ...others]: readonly Step[]): readonly Step[] {
  if (first === undefined || 'when' in first || first.after === undefined)
    return first === undefined ? [] : [first, ...others]
  const { after: at, from: _from, ...step } = first
  return [{ ...step, at }, ...others]
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  const rest = [...items]
  const out: T[] = []
  while (rest.length > 0) out.push(...rest.splice(random.integer(0, rest.length - 1), 1))
  return out
}
