import { DatabaseError } from 'pg'

import type { Answer, Order, OrderRequest } from '#services/api/orders/order.ts'
import type { OrderDesk } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'

import type { ProbeTools } from '../contract-probe.ts'

export const request: OrderRequest = {
  key: 'k-1',
  sku: 'mug',
  quantity: 2,
  customer: 'ann',
  note: null,
  lines: [],
}

/** A command to Redis gives up after 300 ms. */
const redisTimeoutMs = 300

/** What happens to the orders of a desk. */
export interface DeskPlan {
  readonly redis?: 'down'
  /** The transaction is rolled back so many times, and repeated as a new one with a new order. */
  readonly rollbacks?: number
  /** Postgres rejects this statement of the transaction: 1 is the first. */
  readonly failingStatement?: number
  /** `dies`: the process is killed before the reply to COMMIT arrives. Nothing after that runs. */
  readonly afterCommit?: 'dies' | 'rolled back'
  /** The key has this response already, or the product is sold out. */
  readonly earlier?: Answer
  /** The orders with these keys always fail. */
  readonly refused?: ReadonlyMap<string, Error>
}

/** Orders and messages, by the id of the order. */
interface Written {
  readonly orders: ReadonlySet<string>
  readonly messages: ReadonlySet<string>
}

export interface FakeDesk {
  readonly desk: OrderDesk
  /** What Postgres has. */
  readonly committed: Written
  /** The queue has messages about these orders. */
  readonly queued: ReadonlySet<string>
  /** The first order that was not committed when the queue received its message. */
  readonly queuedTooEarly: string | undefined
  /** An order that no worker will process. */
  readonly forgotten: string | undefined
}

/** The rows of one transaction, with its savepoints. */
interface Open {
  rows: Written
  failed: boolean
  readonly savepoints: Map<string, Written>
}

const nothing: Written = { orders: new Set(), messages: new Set() }

const plus = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set([...ids, id])

function rejected(code: string, message: string): DatabaseError {
  return Object.assign(new DatabaseError(message, 0, 'error'), { code, severity: 'ERROR' })
}

/** The desk of one process: Postgres and the queue behind it. */
export function createFakeDesk(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  plan: DeskPlan,
): FakeDesk {
  let committed = nothing
  let queued: ReadonlySet<string> = new Set<string>()
  let queuedTooEarly: string | undefined
  let statements = 0
  let orders = 0
  const opened = new Map<Transaction, Open>()

  /** Runs one statement. After the end of its transaction it is stored at once. */
  const statement = async (
    transaction: Transaction,
    change: (rows: Written, open: Open | undefined) => Written,
  ): Promise<void> => {
    await sleep(1)
    statements += 1
    const open = opened.get(transaction)
    if (open === undefined) {
      committed = change(committed, undefined)
      return
    }
    if (statements === plan.failingStatement) {
      open.failed = true
      throw rejected('57014', 'canceling statement due to statement timeout')
    }
    open.rows = change(open.rows, open)
  }
  const write = async (transaction: Transaction, what: keyof Written, id: string): Promise<void> =>
    await statement(transaction, (rows, open) => {
      if (open?.failed === true) throw rejected('25P02', 'current transaction is aborted')
      return { ...rows, [what]: plus(rows[what], id) }
    })
  const begin = (order: Order): Transaction => {
    const transaction = {
      query: async (sql: unknown) => {
        const text = (typeof sql === 'string' ? sql : (sql as { text: string }).text).trim()
        if (/^insert\s+into\s+outbox/i.test(text)) await write(transaction, 'messages', order.id)
        else if (/^insert\s+into\s+orders/i.test(text)) await write(transaction, 'orders', order.id)
        else await statement(transaction, (rows, open) => savepoint(text, rows, open))
        return { rows: [], rowCount: 1, command: text.split(/\s/)[0] }
      },
    } as unknown as Transaction
    opened.set(transaction, { rows: committed, failed: false, savepoints: new Map() })
    return transaction
  }
  const makeOrder = (wanted: OrderRequest): Order => {
    orders += 1
    return { ...wanted, id: `${wanted.key}.${orders}`, amountCents: 2_400 }
  }

  const desk: OrderDesk = {
    async sell(wanted, writeOrder) {
      if (plan.earlier !== undefined) return { answer: plan.earlier }
      const refusal = plan.refused?.get(wanted.key)
      for (let rollbacks = plan.rollbacks ?? 0; ; rollbacks--) {
        const order = makeOrder(wanted)
        const transaction = begin(order)
        const end = (): Open | undefined => {
          const open = opened.get(transaction)
          opened.delete(transaction)
          return open
        }
        try {
          await writeOrder(transaction, order)
          await sleep(1)
        } catch (error) {
          end()
          throw error
        }
        const open = end()
        if (refusal !== undefined) throw refusal
        if (rollbacks > 0) continue
        if (open?.failed === true || plan.afterCommit === 'rolled back')
          throw new Error('The transaction was rolled back.')
        committed = {
          orders: new Set([...committed.orders, ...(open?.rows.orders ?? [])]),
          messages: new Set([...committed.messages, ...(open?.rows.messages ?? [])]),
        }
        if (plan.afterCommit === 'dies') await new Promise<never>(() => undefined)
        return { answer: created(order), order }
      }
    },
    save: async (transaction, { id }) => await write(transaction, 'orders', id),
    outbox: { write: async (transaction, { id }) => await write(transaction, 'messages', id) },
    queue: {
      enqueue: async ({ id }) => {
        if (!committed.orders.has(id)) queuedTooEarly ??= id
        await sleep(plan.redis === 'down' ? redisTimeoutMs : 1)
        if (plan.redis === 'down') throw new Error('Redis is not connected.')
        queued = plus(queued, id)
      },
    },
  }
  return {
    desk,
    get committed() {
      return committed
    },
    get queued() {
      return queued
    },
    get queuedTooEarly() {
      return queuedTooEarly
    },
    get forgotten() {
      return [...committed.orders].find((id) => !committed.messages.has(id) && !queued.has(id))
    },
  }
}

/** The response to an order. */
export function created({ id, key }: { readonly id: string; readonly key: string }): Answer {
  return { status: 201, body: { orderId: id, key, status: 'placed', amountCents: 2_400 } }
}

function savepoint(sql: string, rows: Written, open: Open | undefined): Written {
  const [, command = '', name = ''] =
    /^(SAVEPOINT|RELEASE|ROLLBACK TO)(?: SAVEPOINT)? (\w+)/i.exec(sql) ?? []
  if (/^SAVEPOINT$/i.test(command)) open?.savepoints.set(name.toLowerCase(), rows)
  if (open === undefined || !/^ROLLBACK TO$/i.test(command)) return rows
  open.failed = false
  return open.savepoints.get(name.toLowerCase()) ?? rows
}
