import type { HealReport } from '#chaos/contracts/api.ts'
import type { LinkControl } from '#chaos/contracts/links.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { FaultRegistry } from './fault-registry.ts'
import { healInStages } from './heal-in-stages.ts'
import type { HealTask } from './heal-in-stages.ts'

/** A halt returns within a second, even when a part hangs. */
export const haltLimitMs = 800
/** A heal, by a user or at the end of a run, waits until every instance is ready. */
const healLimitMs = 60_000
/** Only the state `paused`, `absent` or `exited` matters, and that needs no probe. */
const probeWithinMs = 50

export interface HealableParts {
  readonly faults: FaultRegistry
  readonly links: LinkControl
  readonly runtime: Runtime
  readonly clock: Clock
  /** Instances that are starting or stopping. */
  changing(): readonly string[]
}

/**
 * Heals every fault of users and scenarios. Then cleans up leftovers that no active fault covers: links, paused instances,
 * instances that are down. Continues after every error, and does not wait beyond the deadline.
 */
export async function healEverything(
  parts: HealableParts,
  reason: 'halt' | 'asked' | 'run-ended',
): Promise<HealReport> {
  const [ofLinks, ...others] = parts.faults.healStages(reason)
  return await healInStages(
    [
      // One request heals all links at once.
      () => [allLinks(parts.links), ...(ofLinks?.() ?? [])],
      ...others,
      () => [leftovers(parts)],
    ],
    {
      clock: parts.clock,
      limitMs: reason === 'halt' ? haltLimitMs : healLimitMs,
      changing: () => parts.changing(),
    },
  )
}

function allLinks(links: LinkControl): HealTask {
  return {
    what: 'the links',
    targets: [],
    run: async () =>
      (await links.heal()).map(({ link, error }) => ({
        what: link,
        targets: [link],
        run: async () => {
          throw new Error(error)
        },
      })),
  }
}

function leftovers({ faults, runtime }: HealableParts): HealTask {
  return {
    what: 'the state of the instances',
    targets: [],
    run: async () => {
      const signal = AbortSignal.timeout(healLimitMs)
      const request = { by: 'user', signal } as const
      const task = (what: string, name: string, work: () => Promise<void>): HealTask => ({
        what: `the ${what} instance ${name}`,
        targets: [name],
        run: async () => {
          await work()
          return true
        },
      })
      // The heal of a fault that has not ended continues: it resumes or starts its instances itself.
      const before = faults.healing()
      const status = await runtime.status({ probeWithinMs })
      const healing = new Set([...before, ...faults.healing()])
      return status
        .filter(({ name }) => !healing.has(name))
        .flatMap(({ name, state }) => {
          if (state === 'paused') return [task('paused', name, () => runtime.resume(name, request))]
          if (state === 'absent' || state === 'exited')
            return [task('stopped', name, () => runtime.start(name, request))]
          return []
        })
    },
  }
}
