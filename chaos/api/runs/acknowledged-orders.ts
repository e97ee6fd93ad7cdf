import type { Journal } from '#chaos/engine/journal.ts'

export interface AcknowledgedOrders extends Disposable {
  readonly count: number
  /** Starts again from 0: the shop has new books. */
  reset(): void
}

/** A customer that submits an order twice does so at the same moment. So older keys can be forgotten. */
const keysMax = 5_000

/**
 * Counts the orders that the shop has acknowledged to customers since it got new books: the client's history, the first
 * source of truth.
 */
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
