import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import { Refusal } from '#services/lib/refusal.ts'

import { openEventLog } from './event-log.ts'
import type { EventLog, EventTimes, LoggedEvent } from './event-log.ts'

export interface BookedCharge {
  readonly id: string
  readonly orderId: string
  readonly idempotencyKey: string
  readonly amountCents: number
  readonly status: 'captured' | 'declined'
  readonly refundedCents: number
  readonly at: string
}

export interface ChargeOrder {
  readonly orderId: string
  readonly customer: string
  readonly amountCents: number
  readonly idempotencyKey: string
}

export type RequestOutcome = 'charged' | 'declined' | 'replayed' | 'conflict' | 'overloaded'

export interface BookedRequest {
  readonly orderId: string
  readonly idempotencyKey: string
  readonly outcome: RequestOutcome
  readonly at: string
}

export interface RefundOrder {
  readonly chargeId: string
  readonly amountCents: number
  readonly idempotencyKey: string
}

/** The books of payments. Only payments writes them. */
export interface Books {
  /** Charges once per key. Throws a Refusal when the key was used for another amount or order. */
  charge(order: ChargeOrder): { readonly charge: BookedCharge; readonly replayed: boolean }
  /** For requests that were refused before payments read the books. */
  turnedAway(order: ChargeOrder): void
  findByKey(idempotencyKey: string): BookedCharge | undefined
  /**
   * Refunds once per key. Throws a Refusal if the charge does not exist, or if less than the amount
   * is left of it.
   */
  refund(order: RefundOrder): BookedCharge
  /** The number of captured charges. The cost does not grow with that number. */
  captured(): number
  /** What happened to the charges, for callbacks. Undefined if the books were opened without times. */
  readonly events: EventLog | undefined
  /** `events` is absent in books without them. */
  readAll(): {
    readonly charges: readonly BookedCharge[]
    readonly chargeRequests: readonly BookedRequest[]
    readonly events?: readonly LoggedEvent[]
  }
  close(): void
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS charges (
    number           INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    order_id         TEXT NOT NULL,
    idempotency_key  TEXT NOT NULL UNIQUE,
    amount_cents     INTEGER NOT NULL,
    status           TEXT NOT NULL,
    refunded_cents   INTEGER NOT NULL DEFAULT 0,
    at               TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS charge_requests (
    number           INTEGER PRIMARY KEY,
    order_id         TEXT NOT NULL,
    idempotency_key  TEXT NOT NULL,
    outcome          TEXT NOT NULL,
    at               TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS refunds (
    idempotency_key  TEXT PRIMARY KEY,
    charge_id        TEXT NOT NULL REFERENCES charges (id),
    amount_cents     INTEGER NOT NULL
  ) STRICT;
`

const chargeColumns = `id, order_id AS orderId, idempotency_key AS idempotencyKey,
  amount_cents AS amountCents, status, refunded_cents AS refundedCents, at`

/** Opens the books in this file, or in memory. With `times`, they also have events. */
export function openBooks(file: string | undefined, times?: EventTimes): Books {
  const database = new DatabaseSync(file ?? ':memory:')
  database.exec(schema)
  const events = times === undefined ? undefined : openEvents(database, times)
  const byKey = database.prepare(`SELECT ${chargeColumns} FROM charges WHERE idempotency_key = ?`)
  const byId = database.prepare(`SELECT ${chargeColumns} FROM charges WHERE id = ?`)
  const insertCharge = database.prepare(
    `INSERT INTO charges (id, order_id, idempotency_key, amount_cents, status, at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const insertRequest = database.prepare(
    'INSERT INTO charge_requests (order_id, idempotency_key, outcome, at) VALUES (?, ?, ?, ?)',
  )
  let captured = Number(
    database.prepare(`SELECT count(*) AS captured FROM charges WHERE status = 'captured'`).get()?.[
      'captured'
    ],
  )
  const findByKey = (key: string) => byKey.get(key) as unknown as BookedCharge | undefined
  const noteRequest = (order: ChargeOrder, outcome: RequestOutcome): void => {
    insertRequest.run(order.orderId, order.idempotencyKey, outcome, now())
  }

  return {
    findByKey,
    turnedAway: (order) => noteRequest(order, 'overloaded'),
    charge(order) {
      const earlier = findByKey(order.idempotencyKey)
      if (earlier === undefined) {
        const status = isDeclined(order) ? 'declined' : 'captured'
        const charge = inOne(database, () => {
          insertCharge.run(
            `ch_${randomUUID()}`,
            order.orderId,
            order.idempotencyKey,
            order.amountCents,
            status,
            now(),
          )
          noteRequest(order, status === 'captured' ? 'charged' : 'declined')
          const charge = findByKey(order.idempotencyKey) as BookedCharge
          if (status === 'captured') events?.captured(charge, isDisputed(order))
          return charge
        })
        if (status === 'captured') captured += 1
        return { charge, replayed: false }
      }
      const same = earlier.amountCents === order.amountCents && earlier.orderId === order.orderId
      noteRequest(order, same ? 'replayed' : 'conflict')
      if (!same) throw refuse(422, 'key-reused', 'This key was used for another charge.')
      return { charge: earlier, replayed: true }
    },
    refund(order) {
      const charge = byId.get(order.chargeId) as unknown as BookedCharge | undefined
      if (charge === undefined) throw refuse(404, 'unknown-charge', 'There is no such charge.')
      return inOne(database, () => {
        const refunded = refundOnce(database, charge, order)
        if (refunded !== charge) events?.refunded(charge, order.amountCents)
        return refunded
      })
    },
    captured: () => captured,
    events,
    readAll: () => readAll(database, events),
    close: () => database.close(),
  }
}

function openEvents(database: DatabaseSync, times: EventTimes): EventLog {
  const byId = database.prepare(`SELECT ${chargeColumns} FROM charges WHERE id = ?`)
  return openEventLog(database, times, {
    inOne: (work) => inOne(database, work),
    refundRest: (chargeId, idempotencyKey) => {
      const charge = byId.get(chargeId) as unknown as BookedCharge
      const amountCents = charge.amountCents - charge.refundedCents
      if (amountCents > 0) refundOnce(database, charge, { chargeId, amountCents, idempotencyKey })
      return amountCents
    },
  })
}

function readAll(
  database: DatabaseSync,
  events: EventLog | undefined,
): ReturnType<Books['readAll']> {
  return {
    charges: database
      .prepare(`SELECT ${chargeColumns} FROM charges ORDER BY number`)
      .all() as unknown as BookedCharge[],
    chargeRequests: database
      .prepare(
        `SELECT order_id AS orderId, idempotency_key AS idempotencyKey, outcome, at
         FROM charge_requests ORDER BY number`,
      )
      .all() as unknown as BookedRequest[],
    ...(events === undefined ? {} : { events: events.readAll() }),
  }
}

/** Always the same for the same customer, so a test can predict it. */
function isDeclined({ customer }: ChargeOrder): boolean {
  return customer.startsWith('declined-')
}

/** The customer's bank takes the money back some time after the charge. */
function isDisputed({ customer }: ChargeOrder): boolean {
  return customer.startsWith('disputed-')
}

function refundOnce(
  database: DatabaseSync,
  charge: BookedCharge,
  { amountCents, idempotencyKey }: RefundOrder,
): BookedCharge {
  const earlier = database
    .prepare(
      'SELECT charge_id AS chargeId, amount_cents AS amountCents FROM refunds WHERE idempotency_key = ?',
    )
    .get(idempotencyKey)
  if (earlier !== undefined) {
    if (earlier['chargeId'] === charge.id && earlier['amountCents'] === amountCents) return charge
    throw refuse(422, 'key-reused', 'This key was used for another refund.')
  }
  const left = charge.status === 'captured' ? charge.amountCents - charge.refundedCents : 0
  if (amountCents > left) throw refuse(422, 'too-much', `Only ${left} of this charge is left.`)
  database
    .prepare('INSERT INTO refunds (idempotency_key, charge_id, amount_cents) VALUES (?, ?, ?)')
    .run(idempotencyKey, charge.id, amountCents)
  database
    .prepare('UPDATE charges SET refunded_cents = refunded_cents + ? WHERE id = ?')
    .run(amountCents, charge.id)
  return { ...charge, refundedCents: charge.refundedCents + amountCents }
}

function inOne<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function refuse(status: number, code: string, message: string): Refusal {
  return new Refusal(code, message, { status, definite: true })
}

function now(): string {
  return new Date().toISOString()
}
