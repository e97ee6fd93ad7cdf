import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { endInWords } from '../../contract-probe.ts'
import type { ProbeTools } from '../../contract-probe.ts'
import { ReplicatedOrders } from '../../fakes/replicated-orders.ts'
import type { ServerState } from '../../fakes/replicated-orders.ts'
import { judgeRead, openCustomer, readMaxMs } from './customer.ts'

type Tools = ProbeTools<ReadOrder>

export const texts = [
  '',
  'x',
  '0/',
  '/0',
  '0/0',
  'FFFFFFFF/FFFFFFFF',
  '0/3000148; DROP TABLE orders',
  'null',
  '[object Object]',
  '-1',
  '1e400',
  '{"version":9}',
  "'",
  '0/XYZ',
  '123456789/0',
  '9'.repeat(200),
]

export async function replicaFails(tools: Tools, state: ServerState): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, 0)
  for (let round = 0; round < 2; round++)
    for (const [i, replicaState] of ([state, state, 'works', state] as const).entries()) {
      shop.replicaState = replicaState
      if (i === 1 && round === 0) await shop.change('o-1', 'charging')
      const breach = await customer.read(`while the replica fails: ${state}`)
      if (breach !== undefined) return breach
      await tools.pass(400)
    }
  // Many at once: the connections of the pool are not used up.
  shop.replicaState = state
  const reader = await shop.openReader()
  const { position } = customer
  const end = await tools.call(
    async () =>
      await Promise.all(Array.from({ length: 8 }, async () => await reader.begin('o-1', position))),
    30_000,
  )
  if (end.how !== 'returned') return { expected: 'eight reads at once', actual: endInWords(end) }
  if (end.afterMs <= readMaxMs) return undefined
  return { expected: `eight reads at once within ${readMaxMs} ms`, actual: `${end.afterMs} ms` }
}

export async function anyPosition(tools: Tools, text: string): Promise<Breach | undefined> {
  for (const lagMs of [0, Infinity]) {
    const { shop } = await openCustomer(tools, lagMs)
    const reader = await shop.openReader()
    const end = await reader.read('o-1', text)
    const breach = judgeRead(
      end,
      'o-1',
      'placed',
      `with x-position ${JSON.stringify(text).slice(0, 40)}`,
    )
    if (breach !== undefined) return breach
  }
  return undefined
}

export async function missing(tools: Tools, state: ServerState): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, 0)
  shop.replicaState = state
  const reader = await shop.openReader()
  for (const position of [undefined, customer.position]) {
    const end = await reader.read('o-nothing', position)
    const isRight =
      end.how === 'threw' && end.error instanceof Refusal && end.error.code === 'unknown-order'
    if (!isRight) return { expected: 'the refusal unknown-order', actual: endInWords(end) }
  }
  return undefined
}

export async function bothFail(tools: Tools, state: ServerState): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, Infinity)
  shop.primaryState = state
  const reader = await shop.openReader()
  for (const position of [undefined, customer.position]) {
    const end = await reader.read('o-1', position)
    const lies = end.how === 'threw' && end.error instanceof Refusal && end.error.status === 404
    if (lies)
      return {
        expected: 'an error that is not a 404: the primary has the order and does not respond',
        actual: endInWords(end),
      }
  }
  return undefined
}

export async function noReplica(tools: Tools): Promise<Breach | undefined> {
  const shop = new ReplicatedOrders(tools)
  const reader = await shop.openReaderWithoutReplica()
  await shop.place('o-1')
  for (const position of [undefined, '0/3000148']) {
    const breach = judgeRead(
      await reader.read('o-1', position),
      'o-1',
      'placed',
      'without a replica',
    )
    if (breach !== undefined) return breach
  }
  return undefined
}
