import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { isForTests, isTest, sources } from './sources.ts'

const length = (text: string): number => text.trimEnd().split('\n').length

// A folder of sources can have the same name as a folder that the tests ignore, such as runs/.
test('the tests read all sources', () => {
  expect(sources().map(({ file }) => file)).toContain('chaos/api/runs/run-control.ts')
})

const sizes = sources().map(({ file, text }) => ({ file, lines: length(text) }))

test('a source file has at most 300 lines, a test file at most 400', () => {
  const tooLong = sizes.filter(({ file, lines }) => lines > (isTest(file) ? 400 : 300))
  expect(tooLong).toEqual([])
})

test('half of the source files have at most 100 lines', () => {
  const lengths = sizes
    .filter(({ file }) => !isForTests(file))
    .map(({ lines }) => lines)
    .toSorted((a, b) => a - b)
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100)
})

test('the README has at most 200 lines', () => {
  expect(length(readFileSync(path.join(projectRoot, 'README.md'), 'utf8'))).toBeLessThanOrEqual(200)
})

// The linter enforces short functions, layers and imports without cycles. This test keeps those rules switched on.
test('the linter checks the length of functions, layers and import cycles', () => {
  const text = readFileSync(path.join(projectRoot, '.oxlintrc.json'), 'utf8')
  const { rules, overrides } = JSON.parse(text) as {
    readonly rules: Readonly<Record<string, unknown>>
    readonly overrides: readonly {
      readonly files: readonly string[]
      readonly rules: Readonly<Record<string, unknown>>
    }[]
  }
  expect(rules['max-lines-per-function']).toMatchObject(['error', { max: 70 }])
  expect(rules['import/no-cycle']).toBe('error')
  const layered = overrides
    .filter((override) => Array.isArray(override.rules['no-restricted-imports']))
    .flatMap(({ files }) => files)
  expect(layered).toEqual(
    expect.arrayContaining(['services/**', 'chaos/**', 'chaos/proxy/**', 'chaos/faults/**']),
  )
})

// A pattern such as `#chaos/*` matches no file in a subfolder, so a rule with it would forbid nothing.
test('a rule about a layer covers all its subfolders', () => {
  const text = readFileSync(path.join(projectRoot, '.oxlintrc.json'), 'utf8')
  const shallow = [...text.matchAll(/"(#[^"]*)"/g)].filter(
    ([, group = '']) => !/(\/\*\*|\.ts)$/.test(group),
  )
  expect(shallow).toEqual([])
})
