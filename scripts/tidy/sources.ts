import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

export interface Source {
  /** Relative to the project's folder, with `/`. */
  readonly file: string
  readonly text: string
}

/** `fixes`: written by others, who keep their own habits. */
const foreign = new Set(['node_modules', 'dist', 'fixes'])

/** The project's own files with the given extensions, below the given folders. */
export function sources(
  endings: readonly string[] = ['ts', 'tsx', 'js'],
  folders: readonly string[] = ['chaos', 'services', 'labs', 'bench', 'scripts'],
): readonly Source[] {
  const patterns = folders.flatMap((folder) => endings.map((end) => `${folder}/**/*.${end}`))
  return globSync(patterns, {
    cwd: projectRoot,
    exclude: (name) => foreign.has(path.basename(name)),
  })
    .toSorted()
    .map((file) => ({
      file: file.split(path.sep).join('/'),
      text: readFileSync(path.join(projectRoot, file), 'utf8'),
    }))
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

/** Whether a file is a test, or only tests use it. */
export function isForTests(file: string): boolean {
  return isTest(file) || /\/(test|testing|conformance|soak)\//.test(file)
}
