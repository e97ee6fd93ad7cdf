import type { Lab } from '#chaos/contracts/lab.ts'
import { unknownName } from '#chaos/lib/errors.ts'

/** The lab of that id. Throws {@link InputError} with the known ones. */
export function findLab(labs: readonly Lab[], id: string): Lab {
  const lab = labs.find((candidate) => candidate.id === id)
  if (lab !== undefined) return lab
  throw unknownName(
    'lab',
    id,
    labs.map((known) => known.id),
  )
}
