import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import { writeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { createCodeSnapshots, removeLeftoverSnapshots } from './code-snapshot.ts'

const text = 'export const placeOrder = () => {}\n'
const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'snapshots-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    return home
  })
  .extend('code', async ({ home }) => {
    const folder = join(home.folder, 'code')
    await mkdir(folder)
    await writeFile(join(folder, 'place-order.ts'), text)
    await writeFile(join(folder, 'notes.md'), 'notes')
    const hashes = { 'place-order': createHash('sha256').update(text).digest('hex') }
    return { folder, seams: ['place-order'], hashes }
  })
  .extend('run', ({ home }) => ({ id: 'r1', folder: join(home.runs, 'r1') }))

test('a copy has the code only, in my-work/ and in the run folder', async ({ home, code, run }) => {
  const folder = await createCodeSnapshots(home, 3).take(run, code)
  expect(folder.startsWith(home.work)).toBe(true)
  expect(await readdir(folder)).toEqual(['place-order.ts'])
  expect(await readFile(join(run.folder, 'code', 'place-order.ts'), 'utf8')).toBe(text)
})

test('a file that changed after its check is not judged', async ({ home, code, run }) => {
  await writeFile(join(code.folder, 'place-order.ts'), `${text}// saved later\n`)
  const snapshots = createCodeSnapshots(home, 0)
  await expect(snapshots.take(run, code)).rejects.toThrow(InputError)
  expect(await readdir(join(home.work, '.judged', '0'))).toEqual([])
})

test('the copy of a symbolic link is the file', async ({ home, code, run }) => {
  const file = join(code.folder, 'place-order.ts')
  const target = join(home.folder, 'elsewhere.ts')
  await writeFile(target, text)
  await rm(file)
  await symlink(target, file)
  const folder = await createCodeSnapshots(home, 0).take(run, code)
  await writeFile(target, '// saved during the run')
  expect(await readFile(join(folder, 'place-order.ts'), 'utf8')).toBe(text)
})

test('keepOnly removes the copies of this sandbox that are not in use', async ({
  home,
  code,
  run,
}) => {
  const snapshots = createCodeSnapshots(home, 0)
  const first = await snapshots.take(run, code)
  const second = await snapshots.take({ ...run, id: 'r2' }, code)
  const other = await createCodeSnapshots(home, 1).take(run, code)
  await snapshots.keepOnly(new Set([second]))
  expect([first, second, other].map((folder) => existsSync(folder))).toEqual([false, true, true])
})

test('leftovers of sandboxes that are gone are removed, those of running ones stay', async ({
  home,
  code,
  run,
}) => {
  const gone = await createCodeSnapshots(home, 1).take(run, code)
  const running = await createCodeSnapshots(home, 2).take(run, code)
  const earlier = join(home.work, '.judged', '20300101-000000-lab-zero-abcd')
  await mkdir(earlier)
  await writeSandboxFile(home.sandboxes, {
    slot: 2,
    pid: 1,
    url: 'http://127.0.0.1:1',
    token: '',
    runtime: 'local',
    startedAt: '',
    ephemeral: false,
  })
  await removeLeftoverSnapshots(home, 0)
  expect([gone, running, earlier].map((folder) => existsSync(folder))).toEqual([false, true, false])
})
