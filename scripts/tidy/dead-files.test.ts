import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { sources } from './sources.ts'

const prefixes = { '#services/': 'services/', '#chaos/': 'chaos/', '#labs/': 'labs/' }

/** Started by a user or a program, or loaded by its path. */
const isEntry = (file: string): boolean =>
  /\.test\.ts$|vite\.config\.ts$/.test(file) ||
  /^labs\/[^/]+\/[^/]+\/.+\//.test(file) ||
  /^services\/[^/]+\/seams\//.test(file) ||
  /\/testing\/(planted|tiny-project)\/|^bench\/links\/load\//.test(file)

/** The paths in a file's strings: files that it imports, starts or loads. */
function named(file: string, text: string): readonly string[] {
  const strings = [...text.matchAll(/['"`]([^'"`\s]+\.(?:tsx?|js))['"`]/g)]
  return strings.flatMap(([, to = '']) => {
    for (const [short, long] of Object.entries(prefixes))
      if (to.startsWith(short)) return [to.replace(short, long)]
    // Relative to this folder or to the project's folder, with or without ./. In the image that folder is /app.
    return [path.posix.join(path.posix.dirname(file), to), to.replace(/^\/app\//, '')]
  })
}

const settings = [
  'package.json',
  '.ci/run',
  ...globSync('{*.yml,services/Dockerfile,.devcontainer/*,chaos/runtime/docker/image/*}', {
    cwd: projectRoot,
  }),
  ...globSync('chaos/dashboard/*.html', { cwd: projectRoot }),
]

test('every file is used by another file, is started, or is a test', () => {
  const all = sources()
  const used = new Set(all.flatMap(({ file, text }) => named(file, text)))
  const configured = settings
    .map((file) => readFileSync(path.join(projectRoot, file), 'utf8'))
    .join('\n')
  const isConfigured = (file: string): boolean =>
    configured.includes(file) ||
    (file.startsWith('chaos/dashboard/') && configured.includes(file.slice(16)))
  const dead = all
    .map(({ file }) => file)
    .filter((file) => !isEntry(file) && !used.has(file) && !isConfigured(file))
  expect(dead).toEqual([])
})
