import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { tracks } from '#chaos/contracts/lab.ts'
import { faults } from '#chaos/faults/index.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import { anchors } from '../docs/pages.ts'
import { sources } from './sources.ts'

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8')

/** The names of the folders in a folder. Empty if it does not exist. */
function foldersIn(folder: string): readonly string[] {
  const absolute = path.join(projectRoot, folder)
  if (!existsSync(absolute)) return []
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

/** Whether the file has a test of any kind beside it. */
function isTested(folder: string, name: string): boolean {
  return readdirSync(path.join(projectRoot, folder)).some(
    (file) => file.startsWith(`${name}.`) && file.endsWith('.test.ts'),
  )
}

test.each(Object.keys(faults))('the fault %s has a test and a section in the docs', (kind) => {
  expect(isTested('chaos/faults', kind)).toBe(true)
  expect(anchors(read('docs/faults.md'))).toContain(kind)
})

test.each(Object.keys(system.checks))(
  'the check %s has a test and a section in the docs',
  (name) => {
    expect(isTested('chaos/checks', name) || isTested('chaos/shop/checks', name)).toBe(true)
    expect(anchors(read('docs/checks.md'))).toContain(name)
  },
)

test.each(labs)('the lab $id has all its parts', (lab) => {
  const folder = `labs/${lab.track}/${lab.id}`
  const files = [
    ...lab.seams.map(({ seam }) => `start/${seam}.ts`),
    'README.md',
    'after.md',
    'scenario.yaml',
    ...['now', 'later'].flatMap((step) => [
      `transfer/${step}/code.ts`,
      `transfer/${step}/question.yaml`,
    ]),
  ].filter((file) => !existsSync(path.join(projectRoot, folder, file)))
  expect(files).toEqual([])
  const nearMisses = lab.nearMisses.map(({ name }) => name)
  expect(foldersIn(`${folder}/near-misses`)).toEqual(nearMisses.toSorted())
  expect(foldersIn(`${folder}/alternatives`)).toEqual(lab.alternatives.toSorted())
  expect(nearMisses.length).toBeGreaterThanOrEqual(2)
  expect(lab.alternatives.length).toBeGreaterThanOrEqual(1)
  expect(lab.hints.length).toBeGreaterThanOrEqual(3)
  expect(lab.learned.length).toBeGreaterThanOrEqual(2)
})

const sections = ['Story', 'Goal', 'Predict', 'Run', 'Look', 'Explain', 'Fix', 'Check']
// They give the solution away.
const sectionsAfter = [
  'Fixes that look right and fail',
  'Trade-off',
  'The five lenses',
  'Go further',
]

const titles = (text: string): readonly string[] =>
  [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title)

test.each(labs)('the README of $id has its sections in order, and a warning', (lab) => {
  const text = read(`labs/${lab.track}/${lab.id}/README.md`)
  expect(titles(text)).toEqual(sections)
  expect(text).toContain(`unhappy lab after ${lab.id}`)
  expect(text).toContain('**Both give the solution away.**')
  expect(text.split('\n').length).toBeLessThanOrEqual(200)
})

test.each(labs)('after.md of $id has the near misses, the trade-off and the lenses', (lab) => {
  const text = read(`labs/${lab.track}/${lab.id}/after.md`)
  expect(titles(text).filter((title) => title !== 'Why it works')).toEqual(sectionsAfter)
  for (const { name } of lab.nearMisses) expect(text).toContain(`\`${name}\``)
  for (const lens of ['Contract', 'Source of truth', 'failure mode', 'Blast radius', 'Trade-off'])
    expect(text).toContain(lens)
})

test('the list of labs has every folder', () => {
  const folders = Object.keys(tracks).flatMap((track) => foldersIn(`labs/${track}`))
  expect(folders.toSorted()).toEqual(labs.map(({ id }) => id).toSorted())
})

/** Questions about unfamiliar code have no schema file: labs/transfer.test.ts reads them. */
const scenarios = sources(['yaml'], ['labs']).filter(({ file }) => !file.includes('/transfer/'))

test.each(scenarios)('$file names its schema for editors', ({ file, text }) => {
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? []
  const kind = path.posix.basename(file) === 'variants.yaml' ? 'variants' : 'scenario'
  expect(path.posix.join(path.posix.dirname(file), schema)).toBe(`docs/${kind}.schema.json`)
})
