import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { root } from '../docs/root.ts'

export interface Source {
  /** Relative to the project's folder, with `/`. */
  readonly file: string
  readonly text: string
}

const foreign = new Set(['node_modules', 'dist'])

/** The project's own files with these endings, below these folders. */
export function sources(
  endings: readonly string[] = ['ts', 'tsx', 'js'],
  folders: readonly string[] = ['chaos', 'services', 'labs', 'bench', 'scripts'],
): readonly Source[] {
  const patterns = folders.flatMap((folder) => endings.map((end) => `${folder}/**/*.${end}`))
  return globSync(patterns, {
    cwd: root,
    exclude: (name) => foreign.has(path.basename(name)),
  })
    .toSorted()
    .map((file) => ({
      file: file.split(path.sep).join('/'),
      text: readFileSync(path.join(root, file), 'utf8'),
    }))
}

/** Tests, and what only tests use. */
export function isForTests(file: string): boolean {
  return /\.test\.tsx?$|\/(test|testing|conformance|soak)\//.test(file)
}
