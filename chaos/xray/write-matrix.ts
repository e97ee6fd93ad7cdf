import { join } from 'node:path'

import type { System } from '#chaos/contracts/system.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import type { Matrix } from './matrix.ts'
import { xrayPage } from './showing/page.ts'

/** Writes xray.json and xray.html into the folder, which must exist. Returns their paths. */
export async function writeMatrix(
  folder: string,
  matrix: Matrix,
  system: Pick<System, 'name' | 'xray'>,
): Promise<{ readonly json: string; readonly page: string }> {
  const json = join(folder, 'xray.json')
  const page = join(folder, 'xray.html')
  await writeAtomically(page, await xrayPage(matrix, system))
  await writeAtomically(json, `${JSON.stringify(matrix)}\n`)
  return { json, page }
}
