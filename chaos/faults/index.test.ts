import { readdirSync } from 'node:fs'

import { Check } from 'typebox/value'
import { expect, test } from 'vitest'

import { resolveTargets } from '#chaos/engine/targets.ts'
import { system } from '#chaos/system.ts'

import { faultNamed, faults } from './index.ts'

const files = readdirSync(import.meta.dirname)

test('every fault in this folder is in the list', () => {
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

test.each(Object.values(faults))('the example of $kind is valid and has targets', (fault) => {
  const { target, params } = fault.example
  expect(Check(fault.params, params)).toBe(true)
  expect(resolveTargets(system.topology, fault.target, target)).not.toEqual([])
})

test('the error for an unknown kind suggests the nearest', () => {
  expect(() => faultNamed('laterncy')).toThrow(/laterncy.*latency/)
})
