import { truthOf } from '#chaos/contracts/system.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { InputError } from '#chaos/lib/errors.ts'

const readWithinMs = 2_000

/** The counters of every source of truth. Throws an {@link InputError} (503) with what could be read as `details`. */
export async function readTruth({
  system,
  truth,
}: Pick<Sandbox, 'system' | 'truth'>): Promise<TruthCounters> {
  if (truthOf(system).sources.length === 0)
    throw new InputError(
      `Nothing is known about the data of ${system.name}: there is nothing to compare.`,
      {
        remedy: 'Query a store yourself: unhappy sql, or unhappy redis',
        status: 409,
      },
    )
  const partial = await truth.partialCounters(AbortSignal.timeout(readWithinMs))
  const { counters, unread } = partial
  if (unread.length === 0) return counters
  const sources = unread.map(({ source, error }) => `${source} cannot be read: ${error}`)
  throw new InputError(`${sources.join('. ')}.`, {
    remedy: 'See which instances are not ready: unhappy status',
    status: 503,
    details: { ...partial },
  })
}
