import { existsSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { importsOf } from './imports.ts'
import { sources } from './sources.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** The files of the project that a file imports or re-exports, types included. */
function importedFiles(file: string, text: string): readonly string[] {
  return importsOf(text).flatMap((specifier) => {
    const to = specifier.startsWith('#')
      ? specifier.slice(1)
      : path.posix.join(path.posix.dirname(file), specifier)
    return /^[#.]/.test(specifier) && existsSync(path.join(projectRoot, to)) ? [to] : []
  })
}

/** Groups of files that import each other, directly or through others (Tarjan's strongly connected components). */
function cyclesIn(graph: Graph): readonly string[][] {
  const number = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const cycles: string[][] = []
  const visit = (file: string): void => {
    number.set(file, number.size)
    lowest.set(file, number.size - 1)
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!number.has(next)) visit(next)
      if (stack.includes(next))
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0))
    }
    if (lowest.get(file) !== number.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1 || graph.get(file)?.includes(file) === true) cycles.push(group.toSorted())
  }
  for (const file of graph.keys()) if (!number.has(file)) visit(file)
  return cycles
}

test('finds type imports, imports over several lines, and a cycle through a third file', () => {
  const text = "import type { B } from './b.ts'\nimport {\n  c,\n} from './c.ts'\n"
  expect(importsOf(text)).toEqual(['./b.ts', './c.ts'])
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a', 'd']],
    ['d', []],
    ['e', ['a']],
  ])
  expect(cyclesIn(graph)).toEqual([['a', 'b', 'c']])
})

test('no import cycles exist, not even of types', () => {
  const graph = new Map(sources().map(({ file, text }) => [file, importedFiles(file, text)]))
  expect(graph.get('chaos/engine/run.ts')).toContain('chaos/engine/sandbox.ts')
  expect(cyclesIn(graph)).toEqual([])
})
