import { expect, test } from 'vitest'

import { sources } from './sources.ts'

/** Loaded by its path: a service loads a seam, and a run loads a version of a lab. */
const isLoaded = (file: string): boolean =>
  /^services\/[^/]+\/seams\/|^labs\/|\/testing\/planted\//.test(file)

// The test compares words, not types. So it can miss an unused export, but what it finds is unused.
test('another file uses every export', () => {
  const all = sources()
  const filesWith = new Map<string, Set<string>>()
  for (const { file, text } of all)
    for (const [word] of text.matchAll(/\b[A-Za-z]\w+\b/g))
      filesWith.set(word, (filesWith.get(word) ?? new Set()).add(file))
  const unused = all
    .filter(({ file }) => !isLoaded(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)]
        .filter(([, name = '']) => filesWith.get(name)?.size === 1)
        .map(([, name]) => `${file}: ${name}`),
    )
  expect(unused).toEqual([])
})
