import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { writeAtomically } from './write-atomically.ts'

test('the file has all parts in their sequence, however many they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-write-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'traffic.bin')
  await writeAtomically(path, 'the content before')
  // More than the system takes in one call.
  const parts = Array.from({ length: 5_000 }, (_, index) => Buffer.from(`${index},`))
  await writeAtomically(path, parts)
  expect(await readFile(path, 'utf8')).toBe(Buffer.concat(parts).toString())
  expect(await readdir(folder)).toEqual(['traffic.bin'])
})
