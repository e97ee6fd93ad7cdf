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
  const code = exerciseFolder(verifyHome, lab, version)
  const paths = [join(labFolder(lab), 'scenario.yaml'), ...(code === undefined ? [] : [code])]
  return contentHash(
    ...besides,
    'services',
    'chaos',
    ...paths.map((path) => relative(projectRoot, path)),
  )
}
