import { messageOf } from '#chaos/lib/errors.ts'

import { healEverything } from '../heal-everything.ts'
import type { Sandbox } from '../sandbox.ts'

/** Heals every fault and starts every instance. What cannot be healed is noted; the checks will judge it. */
export async function heal(sandbox: Sandbox): Promise<void> {
  const { couldNotUndo } = await healEverything(sandbox, 'run-ended')
  for (const { what, error } of couldNotUndo)
    sandbox.journal.note('error', `Could not heal ${what}: ${error}`)
}

/**
 * Heals after a run that ended with an error. An instance that does not start with the run's code starts with the shop's own
 * code and environment, so the sandbox stays usable.
 */
export async function healAfterFailure(sandbox: Sandbox): Promise<void> {
  const { system, faults, runtime, journal } = sandbox
  await faults.healAll('run-ended')
  await Promise.all(
    system.topology.instances.map(async ({ name }) => {
      try {
        await runtime.start(name, { by: 'scenario' })
      } catch {
        await runtime.start(name, { by: 'scenario', environment: {} }).catch((error: unknown) => {
          journal.note('error', `${name} could not be restarted: ${messageOf(error)}`)
        })
      }
    }),
  )
  await healEverything(sandbox, 'run-ended')
}
