import { readdirSync } from 'node:fs'

import { Check } from 'typebox/value'
import { expect, test } from 'vitest'

import { resolveTargets } from '#chaos/engine/targets.ts'

import { faultNamed, faults } from './index.ts'

const files = readdirSync(import.meta.dirname)

test('every file in this folder that is a fault is in the list', () => {
  const kinds = files
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && file !== 'index.ts')
    .map((file) => file.replace('.ts', ''))
  expect(Object.keys(faults).toSorted()).toEqual(kinds.toSorted())
})

test.each(Object.keys(faults))('%s has a test beside it', (kind) => {
  expect(
    files.filter((file) => file.startsWith(`${kind}.`) && file.includes('.test.')),
  ).not.toEqual([])
})

test.each(Object.values(faults))('the example of $kind works as it stands', (fault) => {
  const { target, params } = fault.example
  expect(Check(fault.params, params)).toBe(true)
  expect(resolveTargets(fault.target, target)).not.toEqual([])
})

test('an unknown kind is answered with the nearest', () => {
  expect(() => faultNamed('laterncy')).toThrow('Unknown fault "laterncy". Did you mean "latency"?')
})
