import { relative, sep } from 'node:path'

import { projectRoot } from './home.ts'

/** The path from the project's root, with slashes: for messages and for the API. */
export function readablePath(path: string): string {
  return relative(projectRoot, path).split(sep).join('/')
}

/** The shortest clear path for a message: a folder of `--exercise` may be outside of the project. */
export function pathForMessage(path: string): string {
  const short = readablePath(path)
  return short.startsWith('..') ? path : short
}
