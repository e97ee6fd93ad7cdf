import { expect, test } from 'vitest'

import { formatSpace, ownProcessSpace, parseSpace, relationTo } from './process-space.ts'
import type { ProcessSpace, SpaceRelation } from './process-space.ts'

const mine: ProcessSpace = { machine: 'm1', boot: 'b1', pids: '7' }
const cases: readonly (readonly [Partial<ProcessSpace>, SpaceRelation])[] = [
  [{}, 'same'],
  // A container beside the host has its own host name, and the same kernel.
  [{ pids: '8' }, 'other-namespace'],
  [{ machine: 'm2', pids: '8' }, 'other-namespace'],
  [{ machine: 'm2' }, 'same'],
  [{ boot: 'b0' }, 'earlier-boot'],
  [{ boot: 'b0', pids: '8' }, 'earlier-boot'],
  [{ machine: 'm2', boot: 'b0' }, 'elsewhere'],
]

test.for(cases)('%j is %s', ([change, relation]) => {
  expect(relationTo({ ...mine, ...change }, mine)).toBe(relation)
})

test('without a boot id, another machine is elsewhere even if the namespace has the same number', () => {
  const here = { ...mine, boot: '0' }
  expect(relationTo({ ...here, machine: 'm2' }, here)).toBe('elsewhere')
  expect(relationTo(here, here)).toBe('same')
})

test('a namespace that cannot be read is never the same', () => {
  const here = { ...mine, pids: 'unknown' }
  expect(relationTo(here, here)).toBe('other-namespace')
})

test('the space of this process survives a round trip through text', () => {
  expect(parseSpace(formatSpace(ownProcessSpace()))).toEqual(ownProcessSpace())
  expect(relationTo(ownProcessSpace())).toBe('same')
})
