import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { copyStart } from '../work-files.ts'
import { readLabFile, readLabFiles, saveLabFile, versionOf } from './lab-files.ts'

const seam = 'read-product'

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-files-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    await copyStart(home, labZero)
    return home
  })
  .extend('path', ({ home }) => join(home.work, 'lab-zero', `${seam}.ts`))
  .extend(
    'save',
    ({ home }) =>
      async (text: string, basedOn: string) =>
        saveLabFile(home, labZero, seam, { text, basedOn }),
  )

test('a save replaces the version that it started from, in one step', async ({
  home,
  path,
  save,
}) => {
  await chmod(path, 0o640)
  const { version } = await readLabFile(home, labZero, seam)
  expect(await save('// new\n', version)).toEqual({ saved: { version: versionOf('// new\n') } })
  expect(await readFile(path, 'utf8')).toBe('// new\n')
  expect((await stat(path)).mode & 0o777).toBe(0o640)
  // Nothing is left over.
  expect(await readdir(home.work)).toEqual(['lab-zero'])
  expect(await readdir(join(home.work, 'lab-zero'))).toEqual([`${seam}.ts`])
})

test('a file that another editor changed is not overwritten', async ({ home, path, save }) => {
  const { version } = await readLabFile(home, labZero, seam)
  await writeFile(path, '// theirs\n')
  expect(await save('// mine\n', version)).toMatchObject({
    conflict: { text: '// theirs\n', version: versionOf('// theirs\n') },
  })
  expect(await readFile(path, 'utf8')).toBe('// theirs\n')
})

test('a save that is repeated because its response was lost is not a conflict', async ({
  home,
  save,
}) => {
  const { version } = await readLabFile(home, labZero, seam)
  const saved = await save('// new\n', version)
  expect(await save('// new\n', version)).toEqual(saved)
})

test('of many saves from one version, one is saved', async ({ home, path, save }) => {
  const { version } = await readLabFile(home, labZero, seam)
  const texts = Array.from({ length: 8 }, (_, index) => `// ${index}\n`)
  const results = await Promise.all(texts.map(async (text) => save(text, version)))
  expect(results.filter((result) => 'saved' in result)).toHaveLength(1)
  const saved = results.findIndex((result) => 'saved' in result)
  expect(await readFile(path, 'utf8')).toBe(texts[saved])
})

test('the version is that of the bytes: byte order mark and line ends count', async ({
  home,
  path,
}) => {
  await writeFile(path, '\uFEFFexport {}\r\n')
  const { text, version } = await readLabFile(home, labZero, seam)
  expect(text).toBe('\uFEFFexport {}\r\n')
  expect(version).toBe(versionOf(text))
})

test('a link as file is refused, and its target stays', async ({ home, path, save }) => {
  const target = join(home.folder, 'outside.ts')
  await rename(path, target)
  await symlink(target, path)
  const before = await readFile(target, 'utf8')
  await expect(save('// through\n', versionOf(before))).rejects.toMatchObject({ status: 409 })
  await expect(readLabFiles(home, labZero)).rejects.toMatchObject({ status: 409 })
  expect(await readFile(target, 'utf8')).toBe(before)
})

test('a link as folder is refused', async ({ home, path, save }) => {
  const folder = join(home.work, 'lab-zero')
  const before = await readFile(path, 'utf8')
  await rename(folder, join(home.folder, 'elsewhere'))
  await symlink(join(home.folder, 'elsewhere'), folder)
  await expect(save('// through\n', versionOf(before))).rejects.toMatchObject({ status: 409 })
})

test('my-work itself may be a link', async ({ home, save }) => {
  const { version } = await readLabFile(home, labZero, seam)
  await rename(home.work, join(home.folder, 'disk'))
  await symlink(join(home.folder, 'disk'), home.work)
  expect(await save('// new\n', version)).toHaveProperty('saved')
})

test.for([
  ['a lone surrogate', '\uD800', 400],
  ['a NUL', 'a\0b', 400],
  ['more than 1 MB', 'ä'.repeat(600_000), 400],
] as const)('%s is not saved', async ([, text, status], { home, path, save }) => {
  const before = await readLabFile(home, labZero, seam)
  await expect(save(text, before.version)).rejects.toMatchObject({ status })
  expect(await readFile(path, 'utf8')).toBe(before.text)
})

test('only a seam of the lab is a file', async ({ home }) => {
  for (const name of ['../.progress', 'place-order', '', '../../etc/passwd'])
    await expect(readLabFile(home, labZero, name)).rejects.toMatchObject({ status: 404 })
})

test('a lab that was not started has no files and cannot be saved', async ({ home, save }) => {
  await rm(join(home.work, 'lab-zero'), { recursive: true })
  expect(await readLabFiles(home, labZero)).toEqual([])
  await expect(save('// new\n', '0'.repeat(64))).rejects.toMatchObject({ status: 404 })
  await mkdir(join(home.work, 'lab-zero', `${seam}.ts`), { recursive: true })
  await expect(readLabFiles(home, labZero)).rejects.toThrow('folder')
})
