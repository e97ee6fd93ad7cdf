import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../docs/root.ts'
import { isForTests, sources } from './sources.ts'

const length = (text: string): number => text.trimEnd().split('\n').length

// A folder of sources may be called as one of the folders of a user's.
test('all sources are looked at', () => {
  expect(sources().map(({ file }) => file)).toContain('chaos/api/runs/run-control.ts')
})

test('half of the source files have at most 100 lines, and none has more than 400', () => {
  const sizes = sources()
    .filter(({ file }) => !isForTests(file))
    .map(({ file, text }) => ({ file, lines: length(text) }))
    .toSorted((a, b) => a.lines - b.lines)
  expect(sizes[Math.floor(sizes.length / 2)]?.lines).toBeLessThanOrEqual(100)
  expect(sizes.filter(({ lines }) => lines > 400)).toEqual([])
})

test('the README is read in one sitting: at most 200 lines', () => {
  expect(length(readFileSync(path.join(root, 'README.md'), 'utf8'))).toBeLessThanOrEqual(200)
})

// The linter holds that functions are short, imports point one way, and there are no circles: this holds the linter.
test('the linter looks at the length of functions, at layers and at circles', () => {
  const text = readFileSync(path.join(root, '.oxlintrc.json'), 'utf8')
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

// `#chaos/*` matches no file in a folder below: such a rule forbids nothing, silently.
test('a layer that imports may not reach is forbidden with all its folders', () => {
  const text = readFileSync(path.join(root, '.oxlintrc.json'), 'utf8')
  const shallow = [...text.matchAll(/"(#[^"]*)"/g)].filter(
    ([, group = '']) => !group.endsWith('/**'),
  )
  expect(shallow).toEqual([])
})
