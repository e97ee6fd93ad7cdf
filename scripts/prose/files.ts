import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const foreign = new Set([
  '.git',
  'dist',
  // Built from sources that are checked.
  'explore.html',
  'fixes',
  'LICENSE',
  'my-work',
  'node_modules',
  'package-lock.json',
  'runs',
])

/** The files that contain the phrases on purpose. */
const isAboutPhrases = (file: string): boolean =>
  /(?:^|\/)scripts\/prose\/(?:phrases\.yaml|.*\.test\.ts)$/.test(file)

/** The first path that does not exist below the root. */
export function missingPath(root: string, paths: readonly string[]): string | undefined {
  return paths.find((given) => !existsSync(path.resolve(root, given)))
}

/** The project's files at and below the given paths, relative to the root, with `/`. */
export function filesBelow(root: string, paths: readonly string[]): readonly string[] {
  const files = paths.flatMap((given) => {
    const absolute = path.resolve(root, given)
    return statSync(absolute).isDirectory() ? walk(absolute) : [absolute]
  })
  const relative = files.map((file) => path.relative(root, file).split(path.sep).join('/'))
  return [...new Set(relative)].filter((file) => !isAboutPhrases(file))
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
