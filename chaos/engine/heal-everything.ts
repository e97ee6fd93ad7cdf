import type { HealReport } from '#chaos/contracts/api.ts'
import type { LinkControl } from '#chaos/contracts/links.ts'
import type { InstanceStatus, Runtime } from '#chaos/contracts/runtime.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { FaultRegistry } from './fault-registry.ts'

/** Limit for all instances together. What is not healed by then is reported as an error. */
const limitMs = 60_000

/**
 * Heals every fault of users and scenarios. Then cleans up leftovers that no active fault covers: links, paused instances,
 * instances that are down. Continues after every error.
 */
export async function healEverything(
  parts: { readonly faults: FaultRegistry; readonly links: LinkControl; readonly runtime: Runtime },
  reason: 'halt' | 'asked' | 'run-ended',
): Promise<HealReport> {
  const { faults, links, runtime } = parts
  const report = await faults.healAll(reason)
  const undone = [...report.undone]
  const couldNotUndo = [...report.couldNotUndo]
  const attempt = async (what: string, work: () => Promise<boolean>): Promise<void> => {
    try {
      if (await work()) undone.push(what)
    } catch (error) {
      couldNotUndo.push({ what, error: messageOf(error) })
    }
  }
  await attempt('the links', async () => {
    const failed = await links.heal()
    couldNotUndo.push(...failed.map(({ link, error }) => ({ what: link, error })))
    return false
  })
  const signal = AbortSignal.timeout(limitMs)
  let status: readonly InstanceStatus[] = []
  await attempt('the state of the instances', async () => {
    status = await runtime.status()
    return false
  })
  await Promise.all(
    status.map(async ({ name, state }) => {
      if (state === 'paused')
        await attempt(`the paused instance ${name}`, async () => {
          await runtime.resume(name, { by: 'user', signal })
          return true
        })
      if (state === 'absent' || state === 'exited')
        await attempt(`the stopped instance ${name}`, async () => {
          await runtime.start(name, { by: 'user', signal })
          return true
        })
    }),
  )
  return { undone, couldNotUndo }
}
