import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { InstalledPackage } from './installed-package.ts'

/** An instructor's grading of the work in this folder, with the package alone: what `lab grade` prints. */
export async function gradeOwnWork(installed: InstalledPackage): Promise<string> {
  const { folder } = installed
  expect(await installed.run(['lab', 'hand-in', 'lab-zero', '--name', 'Ann'])).toMatchObject({
    status: 0,
  })
  await mkdir(join(folder, 'hand-ins'))
  await rename(join(folder, 'hand-in.json'), join(folder, 'hand-ins', 'ann.json'))
  const graded = await installed.run(['lab', 'grade', 'hand-ins'])
  expect(graded).toMatchObject({ status: 0 })
  return graded.stdout
}
