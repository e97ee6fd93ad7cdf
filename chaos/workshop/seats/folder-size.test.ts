import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { folderSize } from './folder-size.ts'

test('counts what files use on the disk, and follows no link', async ({ onTestFinished }) => {
  const root = await mkdtemp(join(tmpdir(), 'unhappy-size-'))
  onTestFinished(async () => rm(root, { recursive: true }))
  const [own, other] = [join(root, 'own'), join(root, 'other')]
  await mkdir(join(own, 'a', 'b'), { recursive: true })
  await mkdir(other)
  await writeFile(join(other, 'large'), Buffer.alloc(8_000_000, 1))
  const empty = await folderSize(own)
  await symlink(other, join(own, 'a', 'link'))
  await symlink(join(other, 'large'), join(own, 'file'))
  await writeFile(join(own, 'a', 'b', 'small'), Buffer.alloc(1_000_000, 1))
  const { bytes, hasTooMany } = await folderSize(own)
  expect(bytes - empty.bytes).toBeGreaterThanOrEqual(1_000_000)
  expect(bytes - empty.bytes).toBeLessThan(1_100_000)
  expect(hasTooMany).toBe(false)
  expect(await folderSize(join(root, 'gone'))).toEqual({ bytes: 0, hasTooMany: false })
})
