import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { runInProcess } from '../../testing/in-process.ts'

const test = base.extend('home', async ({}, { onCleanup }) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-check-'))
  onCleanup(async () => rm(home, { recursive: true }))
  return home
})

test.for([
  [['--variants', 'redis-refuse'], /"redis-refuse".*"redis-refuses".*silent-for-all/s],
  [['--variants', 'redis-refuses,'], /Unknown variant ""/],
  [['--variants', 'all', '--quick'], /quick/],
] as const)('lab check with %j starts no sandbox', async ([args, message], { home }) => {
  const command = ['lab', 'check', 'dual-write', '--version', 'shop', ...args]
  const { status, stdout, stderr } = await runInProcess(command, { home, columns: 500 })
  expect(status).toBe(3)
  expect(stderr).toMatch(message)
  expect(stdout).toBe('')
  expect(await readdir(home)).toEqual([])
})
