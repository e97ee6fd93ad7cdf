import path from 'node:path'

import { expect, test } from 'vitest'

import { isTest, sources } from './sources.ts'

const filesMax = 20

/** Folders that may hold more: each file is one kind of the same thing, and its index lists it. */
const families: Readonly<Record<string, string>> = {
  'chaos/shop/checks': 'one file per check',
  'chaos/faults': 'one file per fault',
  'chaos/cli/commands': 'one file per command',
  'chaos/shop/probes/seams': 'one file per seam',
}

/** How many source files each folder holds directly. */
function sizes(): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { file } of sources()) {
    if (isTest(file) || /\/index\.\w+$/.test(file)) continue
    const folder = path.posix.dirname(file)
    found.set(folder, (found.get(folder) ?? 0) + 1)
  }
  return found
}

test(`a folder holds at most ${filesMax} source files, except families of kinds`, () => {
  const large = [...sizes()].filter(
    ([folder, count]) => count > filesMax && !Object.hasOwn(families, folder),
  )
  expect(large).toEqual([])
})

test.each(Object.entries(families))('%s needs its exception: %s', (folder) => {
  expect(sizes().get(folder)).toBeGreaterThan(filesMax)
})
