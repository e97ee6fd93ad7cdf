import { DatabaseError } from 'pg'

import type { Answer, Order, OrderRequest } from '#services/api/orders/order.ts'
import type { OrderDesk, WriteOrder } from '#services/api/seams.ts'
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

/** The transactions of one process. */
interface Rows {
  readonly committed: Written
  begin(order: Order): Transaction
  write(transaction: Transaction, what: keyof Written, id: string): Promise<void>
  /** Ends the transaction. Returns false if it was rolled back. */
  end(transaction: Transaction, command: 'COMMIT' | 'ROLLBACK'): boolean
}

function createRows(sleep: ProbeTools<unknown>['sleep'], failingStatement: number): Rows {
  let committed = nothing
  let statements = 0
  const opened = new Map<Transaction, Open>()
  /** Runs one statement. After the end of its transaction it is stored at once. */
  const statement = async (
    transaction: Transaction,
    change: (rows: Written, open: Open | undefined) => Written,
  ): Promise<void> => {
    await sleep(1)
    statements += 1
    const open = opened.get(transaction)
    if (open !== undefined && statements === failingStatement) {
      open.failed = true
      throw rejected('57014', 'canceling statement due to statement timeout')
    }
    if (open === undefined) committed = change(committed, undefined)
    else open.rows = change(open.rows, open)
  }
  const write: Rows['write'] = async (transaction, what, id) =>
    await statement(transaction, (rows, open) => {
      if (open?.failed === true) throw rejected('25P02', 'current transaction is aborted')
      return { ...rows, [what]: plus(rows[what], id) }
    })
  return {
    get committed() {
      return committed
    },
    write,
    begin(order) {
      const transaction = {
        query: async (sql: unknown) => {
          const text = (typeof sql === 'string' ? sql : (sql as { text: string }).text).trim()
          const [, table] = /^insert\s+into\s+(outbox|orders)\b/i.exec(text) ?? []
          if (table === undefined)
            await statement(transaction, (rows, open) => savepoint(text, rows, open))
          else await write(transaction, table === 'orders' ? 'orders' : 'messages', order.id)
          return { rows: [], rowCount: 1, command: text.split(/\s/)[0] }
        },
      } as unknown as Transaction
      opened.set(transaction, { rows: committed, failed: false, savepoints: new Map() })
      return transaction
    },
    end(transaction, command) {
      const open = opened.get(transaction)
      opened.delete(transaction)
      if (open === undefined || open.failed || command === 'ROLLBACK') return false
      committed = {
        orders: new Set([...committed.orders, ...open.rows.orders]),
        messages: new Set([...committed.messages, ...open.rows.messages]),
      }
      return true
    },
  }
}

/** The desk of one process: Postgres and the queue behind it. */
export function createFakeDesk(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  plan: DeskPlan,
): FakeDesk {
  const rows = createRows(sleep, plan.failingStatement ?? 0)
  let queued: ReadonlySet<string> = new Set<string>()
  let queuedTooEarly: string | undefined
  let orders = 0
  /** One attempt. Undefined: it was rolled back. */
  const attempt = async (wanted: OrderRequest, write: WriteOrder, commits: boolean) => {
    orders += 1
    const order = { ...wanted, id: `${wanted.key}.${orders}`, amountCents: 2_400 }
    const transaction = rows.begin(order)
    try {
      await write(transaction, order)
      await sleep(1)
    } catch (error) {
      rows.end(transaction, 'ROLLBACK')
      throw error
    }
    return rows.end(transaction, commits ? 'COMMIT' : 'ROLLBACK') ? order : undefined
  }
  const desk: OrderDesk = {
    async sell(wanted, write) {
      if (plan.earlier !== undefined) return { answer: plan.earlier }
      for (let rollbacks = plan.rollbacks ?? 0; rollbacks > 0; rollbacks--)
        await attempt(wanted, write, false)
      const refusal = plan.refused?.get(wanted.key)
      const commits = refusal === undefined && plan.afterCommit !== 'rolled back'
      const order = await attempt(wanted, write, commits)
      if (order === undefined) throw refusal ?? new Error('The transaction was rolled back.')
      if (plan.afterCommit === 'dies') await new Promise<never>(() => undefined)
      return { answer: created(order), order }
    },
    save: async (transaction, { id }) => await rows.write(transaction, 'orders', id),
    outbox: { write: async (transaction, { id }) => await rows.write(transaction, 'messages', id) },
    queue: {
      enqueue: async ({ id }) => {
        if (!rows.committed.orders.has(id)) queuedTooEarly ??= id
        await sleep(plan.redis === 'down' ? redisTimeoutMs : 1)
        if (plan.redis === 'down') throw new Error('Redis is not connected.')
        queued = plus(queued, id)
      },
    },
  }
  return {
    desk,
    get committed() {
      return rows.committed
    },
    get queuedTooEarly() {
      return queuedTooEarly
    },
    get forgotten() {
      const { orders, messages } = rows.committed
      return [...orders].find((id) => !messages.has(id) && !queued.has(id))
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
