import { messageOf } from '#chaos/lib/errors.ts'
import { instances } from '#services/topology.ts'

import { healEverything } from '../heal-everything.ts'
import type { Sandbox } from '../sandbox.ts'

/** Every fault undone, every instance up. What does not come back is told; the checks will see it. */
export async function heal(sandbox: Sandbox): Promise<void> {
  const { couldNotUndo } = await healEverything(sandbox, 'run-ended')
  for (const { what, error } of couldNotUndo)
    sandbox.journal.note('error', `Could not undo ${what}: ${error}`)
}

/**
 * Heals after a run that broke off, and gives the shop's own code and settings to an instance that does not start with the
 * run's: a sandbox stays usable whatever somebody's code does.
 */
export async function healAfterFailure(sandbox: Sandbox): Promise<void> {
  const { faults, links, runtime, journal } = sandbox
  await faults.healAll('run-ended')
  await Promise.all(
    instances.map(async ({ name }) => {
      try {
        await runtime.start(name, { by: 'scenario' })
      } catch {
        await runtime.start(name, { by: 'scenario', environment: {} }).catch((error: unknown) => {
          journal.note('error', `${name} does not start again: ${messageOf(error)}`)
        })
      }
    }),
  )
  await healEverything({ faults, links, runtime }, 'run-ended')
}
