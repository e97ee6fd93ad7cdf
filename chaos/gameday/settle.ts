import { isDeepStrictEqual } from 'node:util'

import type { Environment } from '#chaos/contracts/runtime.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

export type SettlingSandbox = Pick<Sandbox, 'system' | 'runtime' | 'environmentOf'>

const graceMs = 5_000
const probeWithinMs = 500

/** The settings of every instance now, to come back to them. */
export function settingsNow({
  system,
  environmentOf,
}: SettlingSandbox): ReadonlyMap<string, Environment> {
  return new Map(system.topology.instances.map(({ name }) => [name, environmentOf(name)]))
}

/**
 * Starts what is down, and restarts what runs with other settings, so every part is as `settings` say. Data stays. Every part is
 * tried; the first error is thrown at the end.
 */
export async function settle(
  { runtime, environmentOf }: SettlingSandbox,
  settings: ReadonlyMap<string, Environment>,
  signal: AbortSignal,
): Promise<void> {
  const request = { by: 'user', signal } as const
  const status = await runtime.status({ probeWithinMs })
  const results = await Promise.allSettled(
    status.map(async ({ name, state, kind }) => {
      if (kind === 'proxy') return
      const environment = settings.get(name)
      const differs =
        environment !== undefined && !isDeepStrictEqual(environmentOf(name), environment)
      if (state === 'paused') await runtime.resume(name, request)
      if (differs) await runtime.stop(name, { ...request, graceMs })
      if (differs || state === 'absent' || state === 'exited')
        await runtime.start(name, {
          ...request,
          ...(environment === undefined ? {} : { environment }),
        })
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
