import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

/** The seam files of a folder that somebody names for a scenario. Throws {@link InputError} when there is none. */
export async function listSeams(
  exerciseDir: string,
): Promise<{ readonly folder: string; readonly seams: readonly string[] }> {
  const folder = resolve(exerciseDir)
  const names = await readdir(folder).catch((error: unknown) => {
    throw new InputError(`The folder of seam files cannot be read: ${messageOf(error)}`)
  })
  const seams = names.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3))
  if (seams.length === 0)
    throw new InputError(`There is no seam file in ${folder}.`, {
      remedy: 'A seam file is named for its seam: place-order.ts',
    })
  return { folder, seams }
}
