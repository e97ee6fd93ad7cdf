import type { Lab } from '#chaos/contracts/lab.ts'
import { unknownName } from '#chaos/lib/errors.ts'

/** The lab with this id. Throws {@link InputError}, with the nearest id, when there is none. */
export function findLab(labs: readonly Lab[], id: string): Lab {
  const lab = labs.find((candidate) => candidate.id === id)
  if (lab !== undefined) return lab
  throw unknownName(
    'lab',
    id,
    labs.map((known) => known.id),
  )
}
