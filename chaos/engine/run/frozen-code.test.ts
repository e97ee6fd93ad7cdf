import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import { InputError } from '../../lib/errors.ts'
import { readFrozen } from './frozen-code.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'frozen-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

test('the seams of the frozen code are the files of its folder', async ({ folder }) => {
  await writeFile(join(folder, 'write-order-message.ts'), '')
  await writeFile(join(folder, 'read-order-message.ts'), '')
  await writeFile(join(folder, 'notes.md'), '')
  const seams = ['read-order-message', 'write-order-message']
  expect(await readFrozen(folder)).toEqual({ folder, seams })
})

test('most scenarios have none', async () => {
  expect(await readFrozen(undefined)).toBeUndefined()
})

test('a folder without seams, or that is not there, is told before anything is touched', async ({
  folder,
}) => {
  await expect(readFrozen(folder)).rejects.toThrow('There is no seam file in the folder')
  await expect(readFrozen(join(folder, 'nowhere'))).rejects.toThrow(InputError)
})
