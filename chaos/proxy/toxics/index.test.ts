import { readdirSync } from 'node:fs'

import { expect, test } from 'vitest'

import { looks } from '#chaos/contracts/look.ts'

import { toxicKinds } from './index.ts'
import { attributeSchemas, mergeAttributes, toxicLabel } from './lib/toxic-kind.ts'

test('every file of a toxic in this folder is in the list', () => {
  const types = readdirSync(import.meta.dirname)
    .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'index.ts')
    .map((file) => file.replace('.ts', '').replaceAll('-', '_'))
  expect(toxicKinds.map(({ type }) => type).toSorted()).toEqual(types.toSorted())
})

test.each(toxicKinds)('$type has a look, a label and a description of each attribute', (kind) => {
  expect(Object.keys(looks)).toContain(kind.look)
  const required = { average_size: 1 }
  expect(toxicLabel(kind, mergeAttributes(kind, required))).toMatch(/^\S.{0,20}$/)
  expect(kind.description).toMatch(/^[A-Z].*\.$/)
  for (const [name, { description }] of attributeSchemas(kind))
    expect(`${name}: ${description ?? ''}`).toMatch(/: .+\.$/)
})

test.each(toxicKinds)('$type has either a stage or an inspector', (kind) => {
  const parts = Object.keys(kind).filter((key) => key === 'stage' || key === 'inspector')
  expect(parts).toHaveLength(1)
})
