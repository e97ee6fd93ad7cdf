import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { readVariants } from '#chaos/engine/scenario/variants-file.ts'
import type { Variant, VariantsFile } from '#chaos/engine/scenario/variants-file.ts'
import {
  brokenPromise,
  promisedVerdictOf,
  promisedVersions,
} from '#chaos/exercise/promised-verdict.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { contentHash } from '../content-hash.ts'
import { judgedRun, judgeRound } from '../judge-round.ts'
import type { JudgedRun } from '../judge-round.ts'
import type { Task } from '../task.ts'
import { sources, variantsPath, versionPaths } from '../version-hash.ts'

interface Case {
  readonly lab: Lab
  readonly version: Version
  readonly variant: Variant
  /** What all variants of the lab have in common. */
  readonly settings: Omit<VariantsFile, 'variants'>
}

/** Each variant of each lab alone, after the scenario and without the sweep: every right version must hold. */
export function variantTasks(labs: readonly Lab[]): readonly Task[] {
  // There are hundreds of tasks: the sources are read once for all of them.
  let hashing: Promise<string> | undefined
  const hashOfSources = async (): Promise<string> => await (hashing ??= contentHash(...sources))
  return labs.flatMap((lab) => casesOf(lab).map((one) => variantTask(one, hashOfSources)))
}

function casesOf(lab: Lab): readonly Case[] {
  const [file] = variantsPath(lab)
  if (file === undefined) return []
  const text = readFileSync(join(projectRoot, file), 'utf8')
  const { variants, ...settings } = readVariants({ file, text }, system)
  const right = promisedVersions(lab).filter(
    (version) => promisedVerdictOf(lab, version).outcome === 'held',
  )
  return variants.flatMap((variant) =>
    right.map((version) => ({ lab, version, variant, settings })),
  )
}

function variantTask(one: Case, hashOfSources: () => Promise<string>): Task {
  const { lab, version, variant, settings } = one
  return {
    name: `variants/${lab.id}/${variant.name}/${version}`,
    expected: 'held',
    times: 1,
    sideBySide: true,
    // A change of another variant changes nothing here.
    hash: async () => {
      const code = await contentHash(...versionPaths(lab, version))
      return `${await hashOfSources()} ${code} ${hashOf({ variant, settings })}`
    },
    run: async (context) =>
      await judgeRound(context, async (client) => await judgeVariant(client, one)),
  }
}

async function judgeVariant(
  client: ApiClient,
  { lab, version, variant }: Case,
): Promise<JudgedRun> {
  const request = { lab: lab.id, version, variants: [variant.name] }
  const run = await awaitLabRun(client, request, systemClock)
  const problem = brokenPromise(promisedVerdictOf(lab, version), run)
  return judgedRun(run, problem, variantsSummary(run))
}

/** It also says if the variant had no effect on this code. */
function variantsSummary({ checks, headline }: RunView): string {
  return checks.find(({ name }) => name === 'variants')?.summary ?? headline ?? ''
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
