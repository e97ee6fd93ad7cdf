import { unknownName } from '#chaos/lib/errors.ts'

import type { Profile, Topology } from '../topology.ts'

/** Throws {@link InputError} with the names of the profiles that exist. */
export function profileNamed({ profiles = [] }: Topology, name: string): Profile {
  const profile = profiles.find((one) => one.name === name)
  if (profile !== undefined) return profile
  throw unknownName(
    'profile',
    name,
    profiles.map((one) => one.name),
  )
}
