import type { Journal } from '#chaos/engine/journal.ts'

export interface AcknowledgedOrders extends Disposable {
  readonly count: number
  /** The books are fresh. */
  reset(): void
}

/** The same order submitted twice is submitted at the same moment: older keys need not be known. */
const keysMax = 5_000

/** Counts the orders that customers were told yes about, since the books were fresh: the first of the sources of truth. */
export function countAcknowledgedOrders(journal: Pick<Journal, 'subscribe'>): AcknowledgedOrders {
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
    if (kind !== 'place-order' || outcome !== 'ok' || keys.has(key)) return
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
