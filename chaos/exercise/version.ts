import type { Lab } from '#chaos/contracts/lab.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** The code of a lab that a run judges: the learner's, the starting code, the shop's own, or a known wrong or right fix. */
export type Version = 'mine' | 'start' | 'shop' | `near-misses/${string}` | `alternatives/${string}`

/** Every version of the lab, the learner's first. */
export function versionsOf(lab: Lab): readonly Version[] {
  return [
    'mine',
    'start',
    'shop',
    ...lab.nearMisses.map(({ name }) => `near-misses/${name}` as const),
    ...lab.alternatives.map((name) => `alternatives/${name}` as const),
  ]
}

/** Throws {@link InputError} for a version that the lab does not have. */
export function parseVersion(lab: Lab, text: string): Version {
  const version = versionsOf(lab).find((known) => known === text)
  if (version !== undefined) return version
  throw new InputError(`The lab ${lab.id} has no version "${text}".`, {
    remedy: `Use one of: ${versionsOf(lab).join(', ')}.`,
  })
}
