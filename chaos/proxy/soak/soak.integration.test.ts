import { expect, test } from 'vitest'

import { runChecksumSoak } from './checksums.ts'
import { runConnectionSoak } from './connections.ts'

// The short versions; the long ones are `npm run verify -- --only links`.

test('60 MB each way arrive right over slow readers and half-closes while toxics come and go', async () => {
  const result = await runChecksumSoak({ megabytes: 60, connections: 6, seed: 1 })
  expect(result.wrong).toEqual([])
  expect(result.toxicChanges).toBeGreaterThan(2)
})

test('200 connections talk for some seconds while toxics change: nothing breaks that no toxic explains', async () => {
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
