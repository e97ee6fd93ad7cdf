import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { sandboxesMax } from '#chaos/contracts/ports.ts'
import { formatSpace, ownProcessSpace } from '#chaos/lib/process-space.ts'
import { system } from '#chaos/system.ts'

import { slotCandidates } from './slot-candidates.ts'

const { topology } = system

test('slots share no port and use none of the ephemeral ports', () => {
  const candidates = slotCandidates({ topology })
  const ports = candidates.flatMap(({ claimPort, ports }) => [claimPort, ...ports])
  expect(candidates).toHaveLength(sandboxesMax)
  expect(new Set(ports).size).toBe(ports.length)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})

test('a requested slot is the only candidate, with its own sandbox file', () => {
  const candidates = slotCandidates({
    topology,
    slot: 3,
    sandboxFilesFolder: '/p/.unhappy/sandboxes',
  })
  expect(candidates).toMatchObject([{ slot: 3, sandboxFile: '/p/.unhappy/sandboxes/3.json' }])
})

test.for([-1, 0.5, sandboxesMax])('there is no slot %d', (slot) => {
  expect(() => slotCandidates({ topology, slot })).toThrow(String(slot))
})

test('a slot of another container is not used: both would write the same file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slots-'))
  const write = (slot: number, pids: string): void => {
    const processSpace = formatSpace({ ...ownProcessSpace(), pids })
    writeFileSync(path.join(folder, `${slot}.json`), JSON.stringify({ slot, pid: 1, processSpace }))
  }
  write(0, '1')
  write(1, ownProcessSpace().pids)
  const slots = slotCandidates({ topology, sandboxFilesFolder: folder }).map(({ slot }) => slot)
  expect(slots.slice(0, 2)).toEqual([1, 2])
  expect(() => slotCandidates({ topology, slot: 0, sandboxFilesFolder: folder })).toThrow(/^Slot 0/)
  rmSync(folder, { recursive: true })
})
