import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

import { packagesFolder } from './packages-folder.ts'

/** What a process may do with files. All paths are absolute. */
export interface FilePermissions {
  /** Files and folders. */
  readonly read: readonly string[]
  /** Files and folders, or the beginnings of their paths with `*` at the end. */
  readonly write?: readonly string[]
}

/**
 * Arguments of Node for a process that may touch only these files. It can start threads, which have the same permissions, and
 * neither processes nor native code. Node limits neither its network nor its signals, and SQLite ignores the limits on files.
 */
export function permissionArguments({ read, write = [] }: FilePermissions): readonly string[] {
  return [
    '--permission',
    '--allow-worker',
    // It would be one line of each start of an instance.
    '--disable-warning=SecurityWarning',
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ]
}

const programs = ['package.json', 'services', 'chaos']

/** What a process must be able to read that loads code from this folder: the folder, and the programs of the project. */
export function codeReads(projectRoot: string, folder: string): readonly string[] {
  const packages = packagesFolder(projectRoot)
  return [
    ...programs.map((name) => join(projectRoot, name)),
    packages,
    ...(projectRoot.startsWith(`${packages}${sep}`) ? namesOf(folder) : []),
    folder,
  ]
}

/** For the npm package: what leads from a learner's code to its packages. */
function namesOf(folder: string): readonly string[] {
  for (let at = folder; dirname(at) !== at; at = dirname(at))
    if (existsSync(join(at, 'package.json')))
      return [join(at, 'package.json'), join(at, 'node_modules')]
  return []
}

/** Whether this version of Node can limit what a process touches. */
export function hasPermissions(): boolean {
  return process.allowedNodeEnvironmentFlags.has('--permission')
}
