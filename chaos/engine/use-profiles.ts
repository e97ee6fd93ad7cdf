import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from './sandbox.ts'

const holder = 'scenario'

/** Starts the scenario's profiles and stops those of an earlier one. It restarts no instance: the caller starts all of them after it. */
export async function useProfiles(
  { profiles }: Pick<Sandbox, 'profiles'>,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const request = { holder, restarts: false, signal } as const
  for (const name of ofScenario(profiles))
    if (!wanted.includes(name)) await profiles.release(name, request)
  for (const name of wanted) await profiles.hold(name, request)
}

/** Stops the profiles of the run. Those that a user had started stay on. Continues after errors. */
export async function releaseProfiles({
  profiles,
  journal,
}: Pick<Sandbox, 'profiles' | 'journal'>): Promise<void> {
  for (const name of ofScenario(profiles))
    await profiles.release(name, { holder }).catch((error: unknown) => {
      journal.note('error', `The profile ${name} could not be stopped: ${messageOf(error)}`)
    })
}

function ofScenario({ holders }: Sandbox['profiles']): readonly string[] {
  return [...holders].filter(([, held]) => held.has(holder)).map(([name]) => name)
}
