import { expect, test } from 'vitest'

import { runChecksumSoak } from './checksums.ts'
import { runConnectionSoak } from './connections.ts'

// Short versions. `npm run verify -- --only links` runs the long ones.

test('60 MB each way arrive unchanged, with slow readers, half-closes and changing toxics', async () => {
  const result = await runChecksumSoak({ megabytes: 60, connections: 6, seed: 1 })
  expect(result.wrong).toEqual([])
  expect(result.toxicChanges).toBeGreaterThan(2)
})

test('200 connections exchange messages while toxics change: only toxics break connections', async () => {
  const result = await runConnectionSoak({
    seconds: 3,
    connections: 200,
    changesPerSecond: 100,
    seed: 1,
  })
  expect(result).toMatchObject({ unexplained: 0, wrong: 0 })
  expect(result.explained).toBeGreaterThan(0)
  expect(result.messages).toBeGreaterThan(500)
  expect(result.toxicChanges).toBeGreaterThan(20)
})
