import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { InstalledPackage } from './installed-package.ts'

/** An instructor grades the work in this folder, with the package alone. */
export async function gradeOwnWork(
  installed: InstalledPackage,
): ReturnType<InstalledPackage['run']> {
  const { folder } = installed
  expect(await installed.run(['lab', 'hand-in', 'lab-zero', '--name', 'Ann'])).toMatchObject({
    status: 0,
  })
  await mkdir(join(folder, 'hand-ins'))
  await rename(join(folder, 'hand-in.json'), join(folder, 'hand-ins', 'ann.json'))
  return await installed.run(['lab', 'grade', 'hand-ins'])
}
