import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'

import type { Version } from './version.ts'

/** Folder of the lab itself. */
export function labFolder(lab: Lab): string {
  return join(projectRoot, 'labs', lab.track, lab.id)
}

/** Folder of the learner's files. */
export function workFolder(home: Home, lab: Lab): string {
  return join(home.work, lab.id)
}

/** Folder of a version's seam files; undefined for the shop's own code. */
export function exerciseFolder(home: Home, lab: Lab, version: Version): string | undefined {
  if (version === 'shop') return undefined
  return version === 'mine' ? workFolder(home, lab) : join(labFolder(lab), ...version.split('/'))
}
