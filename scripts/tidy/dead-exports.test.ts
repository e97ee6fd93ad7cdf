import { expect, test } from 'vitest'

import { sources } from './sources.ts'

/** Found by its place: a seam by the service that loads it, a lab's version by the run. */
const isLoaded = (file: string): boolean =>
  /^services\/[^/]+\/seams\/|^labs\/|\/testing\/naive\//.test(file)

// By words, not by types: a name that another file merely mentions passes. What fails is surely used nowhere else.
test('what a file exports is used in another one, or it is not exported', () => {
  const all = sources()
  const filesWith = new Map<string, Set<string>>()
  for (const { file, text } of all)
    for (const [word] of text.matchAll(/\b[A-Za-z]\w+\b/g))
      filesWith.set(word, (filesWith.get(word) ?? new Set()).add(file))
  const idle = all
    .filter(({ file }) => !isLoaded(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)]
        .filter(([, name = '']) => filesWith.get(name)?.size === 1)
        .map(([, name]) => `${file}: ${name}`),
    )
  expect(idle).toEqual([])
})
