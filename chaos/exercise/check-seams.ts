import { join } from 'node:path'

import type { System } from '#chaos/contracts/system.ts'
import { pathForMessage } from '#chaos/home/readable-path.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { readSeamFile } from './read-seam-file.ts'

type SeamSystem = Pick<System, 'seams'>

/** The SHA-256 of each file that was checked, by seam. */
export type SeamHashes = Readonly<Record<string, string>>

/**
 * Checks that the files of these seams in the folder load and export their function. Throws {@link InputError} for the first
 * one that does not. Every command that runs a learner's code uses this check, so all of them report the same.
 */
export async function checkSeams(
  system: SeamSystem,
  folder: string,
  seams: readonly string[],
): Promise<SeamHashes> {
  const hashes: Record<string, string> = {}
  for (const seam of seams) hashes[seam] = await checkSeam(system, join(folder, `${seam}.ts`), seam)
  return hashes
}

async function checkSeam({ seams }: SeamSystem, path: string, seam: string): Promise<string> {
  const name = pathForMessage(path)
  if (seams?.names.includes(seam) !== true) {
    const { message, remedy } = unknownName('seam', seam, seams?.names ?? [])
    throw new InputError(`${name}: ${message}`, remedy === undefined ? {} : { remedy })
  }
  const sha256 = await readSeamFile(path)
  const exportName = seams.exportOf(seam)
  const result = await seams.probe(path, exportName)
  // What a busy machine causes is not an error of the file. The preparation of the run decides.
  if (!result.ok && result.kind !== 'machine')
    throw new InputError(`${name} ${result.problem}`, {
      ...(result.place === undefined
        ? {}
        : { details: { place: { ...result.place, file: pathForMessage(result.place.file) } } }),
      remedy:
        result.kind === 'export'
          ? `Export a function named ${exportName}, as ${seams.fileOf(seam)} does.`
          : 'Fix the file and check again. There is no verdict.',
    })
  if ((await readSeamFile(path)) !== sha256) throw changed(name)
  return sha256
}

/** The error for a file that another program writes at this moment. */
export function changed(name: string): InputError {
  return new InputError(`${name} changed while it was read.`, {
    remedy: 'Nothing was judged. Save the file, then check again.',
    status: 409,
  })
}
