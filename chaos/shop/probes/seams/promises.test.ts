import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { labFolder } from '#chaos/exercise/folders.ts'
import { labs } from '#labs/index.ts'
import { seams } from '#services/seams.ts'

import { contracts } from './index.ts'

test('every seam has contract probes', () => {
  expect(Object.keys(contracts).toSorted()).toEqual(Object.keys(seams).toSorted())
})

test.each(Object.entries(contracts))(
  'the README of the lab contains every promise that the probes of %s test',
  async (seam, load) => {
    const { lab: id, probes } = await load()
    const lab = labs.find((one) => one.id === id)
    expect(lab?.seams.map((one) => one.seam)).toContain(seam)
    if (lab === undefined) return
    const readme = onOneLine(readFileSync(join(labFolder(lab), 'README.md'), 'utf8'))
    const missing = probes.filter(({ promise }) => !readme.includes(onOneLine(promise)))
    expect(missing.map(({ promise }) => promise)).toEqual([])
    const names = probes.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  },
)

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
