import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Which code is judged: the learner's, the lab's start, the shop's own, or one that the lab keeps for its honesty. */
export type Version = 'mine' | 'start' | 'shop' | `near-misses/${string}` | `alternatives/${string}`

/** Every version that the lab has, the learner's first. */
export function versionsOf(lab: Lab): readonly Version[] {
  return [
    'mine',
    'start',
    'shop',
    ...lab.nearMisses.map(({ name }) => `near-misses/${name}` as const),
    ...lab.alternatives.map((name) => `alternatives/${name}` as const),
  ]
}

/** Throws {@link InputError} for a version that the lab does not have. */
export function parseVersion(lab: Lab, text: string): Version {
  const version = versionsOf(lab).find((known) => known === text)
  if (version !== undefined) return version
  throw new InputError(`The lab ${lab.id} has no version "${text}".`, {
    remedy: `It has: ${versionsOf(lab).join(', ')}.`,
  })
}

/** Where the lab's own files are. */
export function labFolder(lab: Lab): string {
  return join(projectRoot, 'labs', lab.track, lab.id)
}

/** Where the learner's files are. */
export function workFolder(home: Home, lab: Lab): string {
  return join(home.work, lab.id)
}

/** Folder of the version's seam files; undefined for the shop's own. */
export function exerciseFolder(home: Home, lab: Lab, version: Version): string | undefined {
  if (version === 'shop') return undefined
  return version === 'mine' ? workFolder(home, lab) : join(labFolder(lab), ...version.split('/'))
}

/** The file that the shop itself runs in this seam; what several services load is in `lib`. */
export function shopSeamFile({ seam, service }: Lab['seams'][number]): string {
  const candidates = [service, 'lib'].map((folder) =>
    join(projectRoot, 'services', folder, 'seams', `${seam}.ts`),
  )
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`the shop has no seam ${seam}`)
  return found
}

/** A path as people read it: from the project's root, with slashes. */
export function readablePath(path: string): string {
  return relative(projectRoot, path).split(sep).join('/')
}
