import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const foreign = new Set([
  'node_modules',
  'dist',
  '.git',
  'my-work',
  'runs',
  'package-lock.json',
  'LICENSE',
])

/** They hold the phrases on purpose. */
const isOwn = (file: string): boolean => /^scripts\/prose\/(phrases\.yaml|.*\.test\.ts)$/.test(file)

/** Files below these paths, relative to the working folder, with `/`. Throws if a path does not exist. */
export function filesBelow(paths: readonly string[]): readonly string[] {
  return paths
    .flatMap((given) => {
      if (!existsSync(given))
        throw new Error(`${given} does not exist. Give files or folders of this project.`)
      return statSync(given).isDirectory() ? walk(given) : [path.normalize(given)]
    })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !isOwn(file))
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
