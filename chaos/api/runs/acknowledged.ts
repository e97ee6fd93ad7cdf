import type { System } from '#chaos/contracts/system.ts'
import type { Journal } from '#chaos/engine/journal.ts'

export interface Acknowledged extends Disposable {
  readonly count: number
  /** Starts again from 0: the system has new data. */
  reset(): void
}

/** A client that sends something twice does so at the same moment. So older keys can be forgotten. */
const keysMax = 5_000

/**
 * Counts the changes that the system has acknowledged to its clients since it got new data, such as placed orders: the
 * client's history, the first source of truth.
 */
export function countAcknowledged(
  journal: Pick<Journal, 'subscribe'>,
  { operations }: Pick<System, 'operations'>,
): Acknowledged {
  const changing = new Set(
    operations.flatMap(({ kind, changes }) => (changes === true ? [kind] : [])),
  )
  let count = 0
  const keys = new Set<string>()
  const reset = (): void => {
    count = 0
    keys.clear()
  }
  const end = journal.subscribe((event) => {
    if (event.type === 'phase' && event.phase === 'prepare') reset()
    if (event.type !== 'operation') return
    const { kind, outcome, key = '' } = event.operation
    if (!changing.has(kind) || outcome !== 'ok' || keys.has(key)) return
    count += 1
    keys.add(key)
    const [oldest = ''] = keys
    if (keys.size > keysMax) keys.delete(oldest)
  })
  return {
    get count() {
      return count
    },
    reset,
    [Symbol.dispose]: end,
  }
}
