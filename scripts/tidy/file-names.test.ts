import path from 'node:path'

import { expect, test } from 'vitest'

import { isTest, sources } from './sources.ts'

/** Files with a name by convention: entry points, indexes, configuration of tools. The loader of a lab fixes its names. */
const isConventional = (file: string): boolean =>
  /(^|\/)(main|index)\.\w+$|\.config\.ts$|^labs\//.test(file)

const declaration =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm

/** The names that a file exports. */
function exportsOf(text: string): readonly string[] {
  const declared = [...text.matchAll(declaration)].map(([, name = '']) => name)
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').map(
      (one) =>
        one
          .trim()
          .split(/ as | /)
          .at(-1) ?? '',
    ),
  )
  return [...declared, ...listed].filter((name) => name !== '')
}

/** The words of a name, without their endings: `readTypeScript` and `read-typescript` have the same ones. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replaceAll('TypeScript', 'Typescript')
    .match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g)
  return (words ?? []).map((word) => stemOf(word.toLowerCase()))
}

function stemOf(word: string): string {
  const ending = ['ings', 'ing', 'ied', 'ies', 'ed', 'es', 's', 'e', 'y'].find(
    (one) => word.endsWith(one) && word.length - one.length >= 3,
  )
  return ending === undefined ? word : word.slice(0, -ending.length)
}

/** Words of a file's name that are in no export's name and not in the folder's name. */
function strayWords(file: string, text: string): readonly string[] {
  const names = exportsOf(text)
  if (names.length === 0) return []
  const known = new Set([...names, path.posix.basename(path.posix.dirname(file))].flatMap(wordsOf))
  const [name = ''] = path.posix.basename(file).split('.')
  return wordsOf(name).filter((word) => !known.has(word))
}

test.each([
  ['engine/heal-everything.ts', 'export async function healEverything() {}', []],
  ['engine/leases.ts', 'export class Lease {}', []],
  ['proxy/toxics/lib.ts', 'export const a = 1', ['lib']],
  ['engine/cleanup.ts', 'export { sweep as cleanUp, type Sweep }', ['cleanup']],
  ['prose/read-typescript.ts', 'export function readTypeScript() {}', []],
  ['api/app.ts', 'export function createApi() {}', ['app']],
  ['api/start.ts', 'run()', []],
])('the stray words of %s with "%s" are %j', (file, text, words) => {
  expect(strayWords(file, text)).toEqual(words)
})

test('every word of a file name is in the name of an export or of the folder', () => {
  const named = sources().filter(({ file }) => !isTest(file) && !isConventional(file))
  expect(named.length).toBeGreaterThan(400)
  const stray = named.flatMap(({ file, text }) =>
    strayWords(file, text).map((word) => `${file}: ${word}`),
  )
  expect(stray).toEqual([])
})
