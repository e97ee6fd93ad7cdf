import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { checkSeamFiles } from './check-seam-files.ts'
import { labFolder, workFolder } from './lab-paths.ts'

// Below the project's root, as my-work/ is: seam files import #services/...
const test = base.extend('home', async ({}, { onCleanup }) => {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'test-')))
  onCleanup(async () => rm(home.folder, { recursive: true }))
  await cp(join(labFolder(labZero), 'start'), workFolder(home, labZero), { recursive: true })
  return home
})

test('the starting code can be judged', async ({ home }) => {
  await expect(checkSeamFiles(home, labZero, 'mine')).resolves.toBeUndefined()
})

test('a lab that was not started is told how to begin', async ({ home }) => {
  await rm(workFolder(home, labZero), { recursive: true })
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('my-work/lab-zero') as string,
    remedy: 'Begin with: unhappy lab start lab-zero',
  })
})

test('a missing file is named, with how to get it back', async ({ home }) => {
  await rm(join(workFolder(home, labZero), 'read-product.ts'))
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringMatching(/lab-zero\/read-product\.ts is missing/) as string,
    remedy: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
})

test('a misnamed file is told its right name', async ({ home }) => {
  const folder = workFolder(home, labZero)
  await rename(join(folder, 'read-product.ts'), join(folder, 'readProduct.ts'))
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('readProduct.ts is no seam of this lab') as string,
    remedy: expect.stringContaining('Rename it to read-product.ts') as string,
  })
})

test('a file too many is named', async ({ home }) => {
  await writeFile(join(workFolder(home, labZero), 'helper.ts'), 'export const help = 1\n')
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toThrow(/helper\.ts is no seam/)
})

test('a note beside the code is no seam and disturbs nobody', async ({ home }) => {
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
  ['an export that is no function', 'export const readProduct = 1\n', /no function readProduct/],
]

test.for(broken)('%s is told, and never judged', async ([, text, message], { home }) => {
  await writeFile(join(workFolder(home, labZero), 'read-product.ts'), text)
  await expect(checkSeamFiles(home, labZero, 'mine')).rejects.toThrow(message)
})

test.for(['start', 'near-misses/keep-asking', 'alternatives/leave-it-alone', 'shop'] as const)(
  'the version %s of the lab itself can be judged',
  async (version, { home }) => {
    await expect(checkSeamFiles(home, labZero, version)).resolves.toBeUndefined()
  },
)
