import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

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

/** The shop's own file of a seam: in the folder of its service, or in `lib` when several services load it. */
export function shopSeamFile({ seam, service }: Lab['seams'][number]): string {
  const candidates = [service, 'lib'].map((folder) =>
    join(projectRoot, 'services', folder, 'seams', `${seam}.ts`),
  )
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`The shop has no file for the seam ${seam}.`)
  return found
}

/** The path from the project's root, with slashes: for messages and for the API. */
export function readablePath(path: string): string {
  return relative(projectRoot, path).split(sep).join('/')
}

/** The shortest clear path for a message: a folder of `--exercise` may be outside of the project. */
export function pathForMessage(path: string): string {
  const short = readablePath(path)
  return short.startsWith('..') ? path : short
}
