import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import type { RunBody } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { Scenario, ShopSetup } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { composeVariants } from '#chaos/engine/scenario/compose-variants.ts'
import type { ComposedVariants } from '#chaos/engine/scenario/compose-variants.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import type { VariantsText } from '#chaos/engine/scenario/variants-file.ts'
import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { checkSeams, type SeamHashes } from '#chaos/exercise/check-seams.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { exerciseFolder, labFolder } from '#chaos/exercise/folders.ts'
import { checkVariantNames, readLabVariants } from '#chaos/exercise/lab-variants.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import type { Version } from '#chaos/exercise/version.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

/** A folder of seam files that load, and the hashes of what was checked. */
export interface CheckedCode {
  readonly folder: string
  readonly seams: readonly string[]
  readonly hashes: SeamHashes
}

/** A valid request: its lab or scenario, and the code to judge. */
export interface RunPlan {
  readonly scenario: Scenario
  readonly scenarioText: string
  /** Variants of the scenario for this seed. Undefined: there are none, or only the scenario is judged. */
  readonly variantsFor?: (seed: number) => ComposedVariants
  /** The user named the variants: they run without the sweep. */
  readonly variantsNamed?: true
  /** Only the scenario is judged: no contract probes, no sweep, no variants. */
  readonly quick?: true
  /** How long the sweep may take. */
  readonly sweepMs?: number
  /** Folder of seam files and its seams; undefined: the shop's own code. */
  readonly exercise?: CheckedCode
  readonly lab?: Lab
  readonly version?: Version
}

interface PlanOptions {
  readonly system: System
  readonly home: Home
  readonly labs: readonly Lab[]
}

/** Reads and checks everything that a run needs. Changes nothing. Throws {@link InputError}. */
export async function planRun(request: RunBody, options: PlanOptions): Promise<RunPlan> {
  const { lab, scenario } = request
  if (lab !== undefined && scenario === undefined) return planLab(request, lab, options)
  if (lab === undefined && scenario !== undefined)
    return planScenario(request, scenario, options.system)
  throw new InputError(
    `A run needs either a lab or a scenario. This request has ${lab === undefined ? 'neither' : 'both'}.`,
    {
      remedy: 'Send { "lab": "lab-zero" } or { "scenario": "title: ..." }.',
    },
  )
}

async function planLab(
  request: RunBody,
  id: string,
  { system, home, labs }: PlanOptions,
): Promise<RunPlan> {
  const lab = findLab(labs, id)
  const version = parseVersion(lab, request.version ?? 'mine')
  await checkVariantNames(system, lab, request)
  const hashes = await checkSeamFiles(system, home, lab, version)
  const path = join(labFolder(lab), 'scenario.yaml')
  const scenarioText = await readFile(path, 'utf8')
  const folder = exerciseFolder(home, lab, version)
  const seams = lab.seams.map(({ seam }) => seam)
  const scenario = parseScenario(scenarioText, { file: readablePath(path), system })
  return {
    scenario,
    scenarioText,
    ...(request.quick === true
      ? { quick: true as const }
      : await planVariants(lab, request, system, {
          file: readablePath(path),
          text: scenarioText,
          setup: scenario.shop,
        })),
    lab,
    version,
    ...(request.sweepMs === undefined ? {} : { sweepMs: request.sweepMs }),
    ...(folder === undefined ? {} : { exercise: { folder, seams, hashes } }),
  }
}

/** How long the load with variants may last, so that one check stays short. A sweep and the start of profiles take time too. */
const variantsBudgetMs = { alone: 12_000, withOthers: 8_000 }

async function planVariants(
  lab: Lab,
  { variants: names }: RunBody,
  system: System,
  scenario: VariantsText & { readonly setup: ShopSetup },
): Promise<Pick<RunPlan, 'variantsFor' | 'variantsNamed'>> {
  const variants = await readLabVariants(lab)
  if (variants === undefined) return {}
  if (names !== undefined) {
    const composed = composeVariants({ scenario, variants }, { system, names })
    return { variantsFor: () => composed, variantsNamed: true }
  }
  const others = typeof lab.sweep === 'object' || (scenario.setup.profiles ?? []).length > 0
  const budgetMs = variantsBudgetMs[others ? 'withOthers' : 'alone']
  return {
    variantsFor: (seed) => composeVariants({ scenario, variants }, { system, seed, budgetMs }),
  }
}

async function planScenario(
  request: RunBody,
  scenarioText: string,
  system: System,
): Promise<RunPlan> {
  const { exerciseDir, file = 'scenario', variants } = request
  if (variants !== undefined)
    throw new InputError('Only a lab has variants, and this request has a scenario.', {
      remedy: 'Leave out variants, or send { "lab": "lab-zero", "variants": [...] }.',
    })
  const scenario = parseScenario(scenarioText, { file, system })
  if (exerciseDir === undefined) return { scenario, scenarioText }
  return { scenario, scenarioText, exercise: await listSeams(system, exerciseDir) }
}

/** The seam files of a folder that the user names for a scenario. Throws {@link InputError} when it has none, and for one that does not load. */
async function listSeams(system: System, exerciseDir: string): Promise<CheckedCode> {
  const folder = resolve(exerciseDir)
  const names = await readdir(folder).catch((error: unknown) => {
    throw new InputError(`The folder of seam files cannot be read: ${messageOf(error)}`, {
      remedy: 'Name a folder that has seam files, such as place-order.ts.',
    })
  })
  const seams = names.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3))
  if (seams.length === 0)
    throw new InputError(`The folder ${folder} has no seam file.`, {
      remedy: 'Name each file after its seam, for example place-order.ts.',
    })
  return { folder, seams, hashes: await checkSeams(system, folder, seams) }
}
