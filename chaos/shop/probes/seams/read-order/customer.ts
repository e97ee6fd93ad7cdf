import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { OrderReading, ReadOrder } from '#services/api/seams.ts'

import { endInWords, inWords } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'
import { ReplicatedOrders, statuses } from '../../fakes/replicated-orders.ts'
import type { Reader, Status } from '../../fakes/replicated-orders.ts'

/** As the README says: no read is longer. */
export const readMaxMs = 2_000

/** What is wrong with a read. `atLeast`: what the customer has seen. */
export function judgeRead(
  end: CallEnd<OrderReading>,
  orderId: string,
  atLeast: Status,
  when: string,
) {
  const expected = `order ${orderId}, ${atLeast}${statuses.at(-1) === atLeast ? '' : ' or later'}, ${when}`
  if (end.how !== 'returned') return { expected, actual: endInWords(end) }
  const { order } = end.value
  const isOrder = order.orderId === orderId && order.sku === 'mug' && order.amountCents === 2_400
  const rank = statuses.indexOf(order.status as Status)
  if (!isOrder || rank < statuses.indexOf(atLeast))
    return { expected, actual: inWords({ ...order, key: undefined }) }
  if (end.afterMs <= readMaxMs) return undefined
  return { expected: `${expected}, within ${readMaxMs} ms`, actual: `after ${end.afterMs} ms` }
}

/** A client of the API: it sends the position of the last response with each read. */
class Customer {
  readonly #readers: readonly Reader[]
  readonly orderId: string
  position: string | undefined
  seen: Status = 'placed'
  #reads = 0

  constructor(readers: readonly Reader[], orderId: string, position: string | undefined) {
    this.#readers = readers
    this.orderId = orderId
    this.position = position
  }

  /** At the next instance, when `instance` is absent. */
  async read(when: string, instance = this.#reads): Promise<Breach | undefined> {
    const reader = this.#readers[instance % this.#readers.length]
    this.#reads += 1
    if (reader === undefined) throw new Error('no reader')
    const end = await reader.read(this.orderId, this.position)
    const breach = judgeRead(end, this.orderId, this.seen, when)
    if (breach !== undefined || end.how !== 'returned') return breach
    this.position = end.value.position ?? this.position
    this.seen = end.value.order.status as Status
    return undefined
  }
}

export async function openCustomer(
  tools: ProbeTools<ReadOrder>,
  lagMs: number,
): Promise<{ readonly shop: ReplicatedOrders; readonly customer: Customer }> {
  const shop = new ReplicatedOrders(tools)
  const readers = [await shop.openReader(), await shop.openReader()]
  // Another order that the replica has: what is measured about the last commit is small.
  await shop.place('o-0')
  await tools.pass(1_000)
  await readers[0]?.read('o-0')
  shop.lagMs = lagMs
  return { shop, customer: new Customer(readers, 'o-1', await shop.place('o-1')) }
}
