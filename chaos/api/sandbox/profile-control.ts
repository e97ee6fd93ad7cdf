import type { ProfileView } from '#chaos/contracts/api.ts'
import { profileNamed } from '#chaos/contracts/profiles/profile-named.ts'
import type { Profile } from '#chaos/contracts/topology.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

import type { Controller } from '../controller.ts'
import { refuseDuringRun } from '../runs/refuse-during-run.ts'
import type { ExclusiveRunControl } from '../runs/run-control.ts'

/** The profiles that users start and stop. During a run both throw {@link InputError}. */
export function createProfileControl(
  { profiles }: Sandbox,
  runs: Pick<ExclusiveRunControl, 'current' | 'occupant'>,
): Controller['profiles'] {
  const { topology } = profiles
  const view = ({ name, description, stores = [], links = [] }: Profile): ProfileView => {
    const holders = [...(profiles.holders.get(name) ?? [])]
    const parts = [...stores, ...links].map((part) => part.name)
    return { name, description, on: holders.length > 0, holders, parts }
  }
  return {
    list: () => (topology.profiles ?? []).map(view),
    start: async (name) => {
      const profile = profileNamed(topology, name)
      refuseDuringRun(runs)
      await profiles.hold(name, { holder: 'user' })
      return view(profile)
    },
    stop: async (name) => {
      const profile = profileNamed(topology, name)
      refuseDuringRun(runs)
      await profiles.release(name, { holder: 'user' })
      return view(profile)
    },
  }
}
