import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { withFileLock } from './file-lock.ts'

const test = base
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-lock-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    return folder
  })
  .extend('path', ({ folder }) => join(folder, 'count'))

const text = async (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
const append = async (path: string, letter: string): Promise<void> =>
  withFileLock(path, systemClock, async (replace) => replace((await text(path)) + letter))

test('changes at the same moment follow one another', async ({ path, folder }) => {
  await Promise.all(Array.from({ length: 20 }, async () => append(path, 'x')))
  expect(await text(path)).toBe('x'.repeat(20))
  expect(await readdir(folder)).toEqual(['count'])
})

test('the lock of a dead process is removed, with its draft', async ({ path, folder }) => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const draft = 'count.1.tmp'
  await writeFile(join(folder, draft), 'half')
  await writeFile(`${path}.lock`, JSON.stringify({ host: hostname(), pid, draft }))
  await append(path, 'x')
  expect(await text(path)).toBe('x')
  expect(await readdir(folder)).toEqual(['count'])
})

test.for(['', JSON.stringify({ host: 'elsewhere', pid: 1, draft: 'count.1.tmp' })])(
  'a lock older than 10 s is removed, whatever its content: %j',
  async (content, { path }) => {
    await writeFile(`${path}.lock`, content)
    await utimes(`${path}.lock`, new Date(0), new Date(0))
    await append(path, 'x')
    expect(await text(path)).toBe('x')
  },
)

test('an owner that lost its lock does not overwrite: its work runs again', async ({ path }) => {
  const read: string[] = []
  const locked = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const slow = withFileLock(path, systemClock, async (replace) => {
    const before = await text(path)
    read.push(before)
    locked.resolve()
    await go.promise
    await replace(`${before}slow`)
  })
  await locked.promise
  await utimes(`${path}.lock`, new Date(0), new Date(0))
  await append(path, 'fast ')
  go.resolve()
  await slow
  expect(read).toEqual(['', 'fast '])
  expect(await text(path)).toBe('fast slow')
})

test('a lock that stays taken is an error that names the owner and the file', async ({ path }) => {
  await writeFile(
    `${path}.lock`,
    JSON.stringify({ host: hostname(), pid: process.pid, draft: 'count.1.tmp' }),
  )
  let elapsedMs = 0
  const clock = {
    ...systemClock,
    now: () => elapsedMs,
    sleep: async () => void (elapsedMs += 5_000),
  }
  await expect(withFileLock(path, clock, async () => undefined)).rejects.toMatchObject({
    message: expect.stringContaining(`process ${process.pid} `) as string,
    remedy: expect.stringContaining(`${path}.lock`) as string,
    status: 409,
  })
})
