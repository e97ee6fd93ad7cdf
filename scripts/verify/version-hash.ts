import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { exerciseFolder, labFolder } from '#chaos/exercise/folders.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { contentHash } from './content-hash.ts'
import { verifyHome } from './lab-sandbox.ts'

/** A hash of the scenario, of this version's code and of the sources that run it, without the other versions. */
export async function versionHash(
  lab: Lab,
  version: Version,
  ...besides: readonly string[]
): Promise<string> {
  return contentHash(...besides, ...sources, ...versionPaths(lab, version))
}

/** What runs every version. */
export const sources: readonly string[] = ['services', 'chaos']

/** The scenario and this version's code. */
export function versionPaths(lab: Lab, version: Version): readonly string[] {
  const code = exerciseFolder(verifyHome, lab, version)
  const paths = [join(labFolder(lab), 'scenario.yaml'), ...(code === undefined ? [] : [code])]
  return paths.map((path) => relative(projectRoot, path))
}

/** The lab's file of variants, from the project's root. Empty: it has none. */
export function variantsPath(lab: Lab): readonly string[] {
  const file = join(labFolder(lab), 'variants.yaml')
  return existsSync(file) ? [relative(projectRoot, file)] : []
}
