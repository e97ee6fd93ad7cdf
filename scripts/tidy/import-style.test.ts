import path from 'node:path'

import { expect, test } from 'vitest'

import { importsOf } from './imports.ts'
import { sources } from './sources.ts'

/** The part of the project that a file belongs to: `chaos/proxy`, `services/api`, `labs`, `scripts`. */
function partOf(file: string): string {
  const [top = '', ...rest] = file.split('/')
  const hasParts = ['chaos', 'services'].includes(top) && rest.length > 1
  return hasParts ? `${top}/${rest[0]}` : top
}

/** A TypeScript project of its own, for the browser: all its imports are relative. */
const isPage = (file: string): boolean => file.startsWith('chaos/dashboard/src/')

/** What is wrong with the form of an import. Undefined if nothing is. */
function problemOf(file: string, specifier: string): string | undefined {
  if (!/^[#.]/.test(specifier)) return undefined
  const isRelative = specifier.startsWith('.')
  if (isPage(file)) return isRelative ? undefined : 'must be relative in the page'
  const to = isRelative ? path.posix.join(path.posix.dirname(file), specifier) : specifier.slice(1)
  const isInside = partOf(file) === partOf(to)
  if (isInside && !isRelative) return 'must be relative inside one part'
  const hasShortName = /^(?:chaos|services|labs)\//.test(to)
  return !isInside && isRelative && hasShortName ? 'must start with # across parts' : undefined
}

test.each([
  ['chaos/proxy/plane/link.ts', '../time/lease.ts', undefined],
  ['chaos/proxy/plane/link.ts', '#chaos/lib/clock.ts', undefined],
  ['chaos/proxy/plane/link.ts', '#chaos/proxy/time/lease.ts', 'must be relative inside one part'],
  ['chaos/proxy/plane/link.ts', '../../lib/clock.ts', 'must start with # across parts'],
  ['services/api/main.ts', '../topology.ts', 'must start with # across parts'],
  ['services/api/main.ts', '#services/topology.ts', undefined],
  ['scripts/tidy/size.test.ts', '../docs/pages.ts', undefined],
  ['scripts/docs/main.ts', '../../chaos/home/home.ts', 'must start with # across parts'],
  ['chaos/dashboard/src/main.tsx', '../../contracts/api.ts', undefined],
  ['chaos/dashboard/src/main.tsx', '#chaos/contracts/api.ts', 'must be relative in the page'],
  ['chaos/lib/clock.ts', 'node:timers', undefined],
])('in %s the import of %s has the problem %s', (file, specifier, problem) => {
  expect(problemOf(file, specifier)).toBe(problem)
})

test('imports are relative inside one part and start with # across parts', () => {
  const all = sources().flatMap(({ file, text }) =>
    importsOf(text).map((specifier) => ({ file, specifier })),
  )
  expect(all.length).toBeGreaterThan(3_000)
  const problems = all.flatMap(({ file, specifier }) => {
    const problem = problemOf(file, specifier)
    return problem === undefined ? [] : [`${file}: ${specifier} ${problem}`]
  })
  expect(problems).toEqual([])
})
