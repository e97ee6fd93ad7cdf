import { expect, test } from 'vitest'

import { sandboxesMax } from '#services/topology.ts'

import { slotCandidates } from './slot-candidates.ts'

test('slots share no port and use none of the ephemeral ports', () => {
  const candidates = slotCandidates({})
  const ports = candidates.flatMap(({ claimPort, ports }) => [claimPort, ...ports])
  expect(candidates).toHaveLength(sandboxesMax)
  expect(new Set(ports).size).toBe(ports.length)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})

test('a requested slot is the only candidate, with its own sandbox file', () => {
  const candidates = slotCandidates({ slot: 3, sandboxFilesFolder: '/p/.unhappy/sandboxes' })
  expect(candidates).toMatchObject([{ slot: 3, sandboxFile: '/p/.unhappy/sandboxes/3.json' }])
})

test.for([-1, 0.5, sandboxesMax])('there is no slot %d', (slot) => {
  expect(() => slotCandidates({ slot })).toThrow(String(slot))
})
