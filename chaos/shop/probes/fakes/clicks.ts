import type { Answer } from '#services/api/orders/order.ts'
import type { ClaimKey } from '#services/api/seams.ts'
import { sqlState } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { inWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** As in the lab: the safety net is off. */
const off = ['net_one_order_per_key']

/** A click: an order with a key. */
export interface Click {
  readonly key: string
  /** Another body has another hash. */
  readonly body: string
  /** The order is refused after the claim, and its transaction is rolled back. */
  readonly isRefused?: boolean
}

export type ClickEnd =
  | { readonly how: 'placed' | 'stored'; readonly answer: Answer }
  | { readonly how: 'refused'; readonly refusal: Refusal }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'never' }

/** An instance of the API with its own pool and its own instance of the learner's module. */
export interface Instance {
  readonly process: FakeProcess
  /** Begins to process a click. */
  begin(click: Click): Promise<ClickEnd>
  /** Processes a click, and lets the time pass until it has ended. */
  click(click: Click): Promise<ClickEnd>
}

export async function createShop(
  tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>,
): Promise<Store> {
  const store = new Store(off)
  const owner = new Session(store, tools, limits)
  await tools.call(
    async () =>
      await owner.run(
        `INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ('mug', 'Mug', 1200, 10, 10)`,
      ),
    1_000,
  )
  return store
}

const limitMs = 30_000
let orders = 0

export async function createInstance(
  tools: ProbeTools<ClaimKey>,
  store: Store,
  intercept?: Intercept,
): Promise<Instance> {
  const claimKey = await tools.load()
  const process = createProcess(tools, store, intercept)
  const place = async ({ key, body, isRefused }: Click): Promise<ClickEnd> =>
    await inTransaction(process.database, async (transaction) => {
      orders += 1
      const id = `${key}.${orders}`
      const answer = { status: 201, body: { orderId: id, key, status: 'placed' } }
      const requestHash = body.padEnd(64, '0')
      const earlier = await claimKey({ key, requestHash, answer }, transaction)
      if (earlier !== undefined) return { how: 'stored', answer: earlier }
      await transaction.query(
        `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
         VALUES ($1, $2, 'ann', 'mug', 1, 1200, 'placed')`,
        [id, key],
      )
      if (isRefused === true)
        throw new Refusal('sold-out', 'Sold out.', { status: 409, definite: true })
      return { how: 'placed', answer }
    })
  const begin = async (click: Click): Promise<ClickEnd> => {
    try {
      return await place(click)
    } catch (error) {
      return error instanceof Refusal
        ? { how: 'refused', refusal: error }
        : { how: 'failed', error }
    }
  }
  return {
    process,
    begin,
    async click(click) {
      const end: CallEnd<ClickEnd> = await tools.call(async () => await begin(click), limitMs)
      throwUnknown(process)
      return end.how === 'returned' ? end.value : { how: 'never' }
    },
  }
}

/** The orders that are placed with a key. */
export function ordersOf(store: Store, key: string): readonly string[] {
  return store
    .committed('orders')
    .filter((order) => order['client_key'] === key)
    .map(({ id }) => JSON.stringify(id))
}

export function clickInWords(end: ClickEnd): string {
  switch (end.how) {
    case 'never':
      return 'it did not end'
    case 'failed':
      return `it failed with ${inWords(end.error)}`
    case 'placed':
      return 'a new order was placed'
    case 'stored':
      return `it received ${inWords(end.answer)}`
    case 'refused': {
      const { status, code, definite } = end.refusal
      return `it received ${status} ${code}, ${definite ? 'definite' : 'not definite'}`
    }
  }
}

/** The errors of a request that has waited too long for another one. */
function hasWaitedTooLong(end: ClickEnd): boolean {
  return end.how === 'failed' && /^(55P03|57014|40P01|40001)$/.test(sqlState(end.error) ?? '')
}

/** It may be tried again, and makes no statement about the first click. */
export function isPatient(end: ClickEnd): boolean {
  return hasWaitedTooLong(end) || (end.how === 'refused' && !end.refusal.definite)
}

export function isKeyReused(end: ClickEnd): boolean {
  return end.how === 'refused' && end.refusal.status === 422 && end.refusal.definite
}

export function isSameAnswer(end: ClickEnd, answer: Answer): boolean {
  if (end.how !== 'stored' && end.how !== 'placed') return false
  return (
    end.answer.status === answer.status &&
    JSON.stringify(end.answer.body) === JSON.stringify(answer.body)
  )
}
