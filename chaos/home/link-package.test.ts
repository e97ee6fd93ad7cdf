import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { linkInto } from './link-package.ts'

let root: string
let work: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unhappy-link-'))
  work = join(root, 'my-work')
  await mkdir(work)
})
afterEach(async () => rm(root, { recursive: true, force: true }))

/** Installs a package with the dependencies `pg`, which is beside it, and `@types/pg`, which is in it. */
async function install(place: string): Promise<string> {
  const folder = join(root, place, 'node_modules', 'unhappy-path')
  await mkdir(join(root, place, 'node_modules', 'pg'), { recursive: true })
  await mkdir(join(folder, 'node_modules', '@types', 'pg'), { recursive: true })
  const manifest = { name: 'unhappy-path', dependencies: { pg: '1.0.0', '@types/pg': '1.0.0' } }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  return folder
}

const linked = async (name: string): Promise<string> => readlink(join(work, 'node_modules', name))

test('the package and its dependencies are linked, wherever npm has put them', async () => {
  const folder = await install('a')
  await linkInto(work, folder)
  expect(await linked('unhappy-path')).toBe(folder)
  expect(await linked('pg')).toBe(join(folder, '..', 'pg'))
  expect(await linked('@types/pg')).toBe(join(folder, 'node_modules', '@types', 'pg'))
})

test('links follow the package to another folder', async () => {
  await linkInto(work, await install('a'))
  const folder = await install('b')
  await linkInto(work, folder)
  expect(await linked('unhappy-path')).toBe(folder)
})

test('what the learner has written or installed stays', async () => {
  await writeFile(join(work, 'package.json'), '{"mine":1}')
  await mkdir(join(work, 'node_modules', 'pg'), { recursive: true })
  await linkInto(work, await install('a'))
  expect(await readFile(join(work, 'package.json'), 'utf8')).toBe('{"mine":1}')
  await expect(linked('pg')).rejects.toMatchObject({ code: 'EINVAL' })
  expect(await readFile(join(work, 'tsconfig.json'), 'utf8')).toContain(
    'unhappy-path/tsconfig.json',
  )
})
