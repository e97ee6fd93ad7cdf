import type { Lab } from '#chaos/contracts/lab.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

/** The lab with this id. Throws {@link InputError}, with the nearest id, when there is none. */
export function findLab(labs: readonly Lab[], id: string): Lab {
  const lab = labs.find((candidate) => candidate.id === id)
  if (lab !== undefined) return lab
  if (labs.length === 0)
    throw new InputError(
      `The lab "${shortened(id)}" needs the shop, and this sandbox runs a system of yours.`,
      {
        remedy: 'Stop it, and start the shop: unhappy down, then unhappy up',
        status: 409,
      },
    )
  throw unknownName(
    'lab',
    id,
    labs.map((known) => known.id),
  )
}
