import { relative, sep } from 'node:path'

import { projectRoot, usersFolder } from './home.ts'

/** The path from the project's root or from the user's folder, with slashes: for messages and for the API. */
export function readablePath(path: string): string {
  const root = path.startsWith(projectRoot + sep) ? projectRoot : usersFolder
  return relative(root, path).split(sep).join('/')
}

/** The shortest clear path for a message: a folder of `--exercise` may be outside of the project. */
export function pathForMessage(path: string): string {
  const short = readablePath(path)
  return short.startsWith('..') ? path : short
}
