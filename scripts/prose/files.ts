import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const foreign = new Set([
  '.git',
  'dist',
  'LICENSE',
  'my-work',
  'node_modules',
  'package-lock.json',
  'runs',
])

/** They contain the phrases on purpose. */
const isAboutPhrases = (file: string): boolean =>
  /(?:^|\/)scripts\/prose\/(?:phrases\.yaml|.*\.test\.ts)$/.test(file)

/** The first of these paths that does not exist. */
export function missingPath(paths: readonly string[]): string | undefined {
  return paths.find((given) => !existsSync(given))
}

/** The project's files at and below these paths, with `/`. */
export function filesBelow(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((given) =>
    statSync(given).isDirectory() ? walk(given) : [path.normalize(given)],
  )
  return [...new Set(all.map((file) => file.split(path.sep).join('/')))].filter(
    (file) => !isAboutPhrases(file),
  )
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !foreign.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = path.join(folder, entry.name)
      if (entry.isDirectory()) return walk(inside)
      return entry.isFile() ? [inside] : []
    })
}
