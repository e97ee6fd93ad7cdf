import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { checkSeams } from '#chaos/exercise/check-seams.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { exerciseFolder, labFolder } from '#chaos/exercise/folders.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../cli.ts'

/** The code that an X-ray runs, and the safety nets that are off. */
export interface CodeToXray {
  readonly variant: string
  readonly off: readonly string[]
  readonly exercise?: { readonly folder: string; readonly seams: readonly string[] }
}

export interface CodeOptions {
  readonly exercise: string | undefined
  readonly lab: string | undefined
  readonly version: string
  readonly off: string | undefined
}

/**
 * The code that the options select: a folder of seam files, a version of a lab, or the shop's own code. A lab's scenario also
 * names the safety nets to turn off. Throws {@link InputError}.
 */
export async function codeToXray(cli: Cli, options: CodeOptions): Promise<CodeToXray> {
  const off = options.off?.split(',').filter((name) => name !== '')
  if (options.lab !== undefined && options.exercise !== undefined)
    throw new InputError('--lab and --exercise both select the code.', {
      remedy: 'Use one of them.',
    })
  if (options.lab !== undefined) return await labCode(cli, options.lab, options.version, off)
  if (options.exercise === undefined) return { variant: 'shop', off: off ?? [] }
  const folder = resolve(options.exercise)
  const seams = await seamsIn(folder)
  await checkSeams(folder, seams)
  return { variant: basename(folder), off: off ?? [], exercise: { folder, seams } }
}

async function labCode(
  cli: Cli,
  name: string,
  versionText: string,
  off: readonly string[] | undefined,
): Promise<CodeToXray> {
  const lab = findLab(labs, name)
  const version = parseVersion(lab, versionText)
  const file = join(labFolder(lab), 'scenario.yaml')
  const { shop } = parseScenario(await readFile(file, 'utf8'), { file })
  await checkSeamFiles(cli.home, lab, version)
  const folder = exerciseFolder(cli.home, lab, version)
  const variant = `${lab.id} (${version})`
  if (folder === undefined) return { variant, off: off ?? shop.off }
  return {
    variant,
    off: off ?? shop.off,
    exercise: { folder, seams: lab.seams.map(({ seam }) => seam) },
  }
}

async function seamsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => {
    throw new InputError(`There is no folder ${folder}.`, {
      remedy: 'Use a folder of seam files, for example my-work/dual-write.',
    })
  })
  const seams = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  if (seams.length > 0) return seams.map((name) => name.slice(0, -3))
  throw new InputError(`The folder ${folder} contains no seam file.`, {
    remedy: 'A seam file has the name of a seam, for example place-order.ts.',
  })
}
