import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { checkSeamFiles } from './check-seam-files.ts'
import { checkSeams, type SeamHashes } from './check-seams.ts'
import { findLab } from './find-lab.ts'
import { exerciseFolder, labFolder } from './folders.ts'
import { parseVersion } from './version.ts'

/** The code that an X-ray runs, and the safety nets that are off. */
export interface CodeToXray {
  readonly variant: string
  readonly off: readonly string[]
  /** Absent: the shop's own code. */
  readonly exercise?: {
    readonly folder: string
    readonly seams: readonly string[]
    readonly hashes: SeamHashes
  }
}

export interface CodeOptions {
  /** Folder of seam files. */
  readonly exercise?: string | undefined
  readonly lab?: string | undefined
  readonly version?: string | undefined
  /** Absent: the safety nets that the lab turns off. */
  readonly off?: readonly string[] | undefined
}

/**
 * The code that the options select: a folder of seam files, a version of a lab, or the shop's own code. A lab's scenario also
 * names the safety nets to turn off. Throws {@link InputError}.
 */
export async function codeToXray(
  known: { readonly system: System; readonly home: Home; readonly labs: readonly Lab[] },
  options: CodeOptions,
): Promise<CodeToXray> {
  const { off, lab, exercise } = options
  if (lab !== undefined && exercise !== undefined)
    throw new InputError('--lab and --exercise both select the code.', {
      remedy: 'Use one of them.',
    })
  if (lab !== undefined)
    return await labCode(known, findLab(known.labs, lab), options.version ?? 'mine', off)
  if (exercise === undefined) return { variant: known.system.name, off: off ?? [] }
  const folder = resolve(exercise)
  const seams = await seamsIn(folder)
  const hashes = await checkSeams(known.system, folder, seams)
  return { variant: basename(folder), off: off ?? [], exercise: { folder, seams, hashes } }
}

async function labCode(
  { system, home }: { readonly system: System; readonly home: Home },
  lab: Lab,
  versionText: string,
  off: readonly string[] | undefined,
): Promise<CodeToXray> {
  const version = parseVersion(lab, versionText)
  const file = join(labFolder(lab), 'scenario.yaml')
  const { shop } = parseScenario(await readFile(file, 'utf8'), { file, system })
  const hashes = await checkSeamFiles(system, home, lab, version)
  const folder = exerciseFolder(home, lab, version)
  const variant = `${lab.id} (${version})`
  if (folder === undefined) return { variant, off: off ?? shop.off }
  const seams = lab.seams.map(({ seam }) => seam)
  return { variant, off: off ?? shop.off, exercise: { folder, seams, hashes } }
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
