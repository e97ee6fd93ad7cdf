import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { checkSeamFiles } from './check-seam-files.ts'
import { labFolder, workFolder } from './folders.ts'

// Below the project's root, as my-work/ is: seam files import #services/...
const test = base.extend('home', async ({}, { onCleanup }) => {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'test-')))
  onCleanup(async () => rm(home.folder, { recursive: true }))
  await cp(join(labFolder(labZero), 'start'), workFolder(home, labZero), { recursive: true })
  return home
})

test('the starting code passes', async ({ home }) => {
  await expect(checkSeamFiles(home, labZero, 'mine')).resolves.toBeUndefined()
})

test('the error for a lab that is not started names the command that starts it', async ({
  home,
}) => {
  await rm(workFolder(home, labZero), { recursive: true })
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('my-work/lab-zero') as string,
    remedy: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
})

test('the error for a missing file names it and the command that copies it', async ({ home }) => {
  await rm(join(workFolder(home, labZero), 'read-product.ts'))
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('lab-zero/read-product.ts') as string,
    remedy: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
})

test('the error for a file with a wrong name has the right name', async ({ home }) => {
  const folder = workFolder(home, labZero)
  await rename(join(folder, 'read-product.ts'), join(folder, 'readProduct.ts'))
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('readProduct.ts') as string,
    remedy: expect.stringContaining('read-product.ts') as string,
  })
})

test('the error for an additional file names it', async ({ home }) => {
  await writeFile(join(workFolder(home, labZero), 'helper.ts'), 'export const help = 1\n')
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toThrow(/helper\.ts/)
})

test('a Markdown file in the folder is allowed', async ({ home }) => {
  await writeFile(join(workFolder(home, labZero), 'notes.md'), 'think!\n')
  await expect(checkSeamFiles(home, labZero, 'mine')).resolves.toBeUndefined()
})

const broken: readonly (readonly [string, string, RegExp])[] = [
  ['a syntax error', 'export const readProduct = (\n', /does not load:[^]*read-product\.ts/],
  ['TypeScript that Node cannot strip', 'enum A { b }\nexport function readProduct() {}\n', /enum/],
  [
    'an import that is not there',
    "import './nothing.ts'\nexport const readProduct = () => {}\n",
    /nothing\.ts/,
  ],
  ['an exception while it loads', "throw new Error('not yet')\n", /not yet/],
  ['no export', 'const readProduct = () => undefined\nvoid readProduct\n', /exports nothing/],
  ['another export', 'export const readProducts = () => undefined\n', /exports readProducts/],
  ['an export that is not a function', 'export const readProduct = 1\n', /no function readProduct/],
]

test.for(broken)('the error for %s names it', async ([, text, message], { home }) => {
  await writeFile(join(workFolder(home, labZero), 'read-product.ts'), text)
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toThrow(message)
})

test.for(['start', 'near-misses/keep-asking', 'alternatives/leave-it-alone', 'shop'] as const)(
  'the version %s of the lab passes',
  async (version, { home }) => {
    await expect(checkSeamFiles(home, labZero, version)).resolves.toBeUndefined()
  },
)
