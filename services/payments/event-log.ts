import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

import type { PaymentEvent, PaymentEventType } from '#services/lib/callbacks/payment-event.ts'

/** When the later events of a charge happen. */
export interface EventTimes {
  /** From the capture to the settlement. */
  readonly settleAfterMs: number
  /** From the settlement to the refund of a disputed charge. */
  readonly disputeAfterMs: number
}

/** An event in payments' books. */
export interface LoggedEvent extends PaymentEvent {
  /** Position in the list of all events. */
  readonly number: number
  /** Deliveries that were tried. */
  readonly attempts: number
  /** When the shop acknowledged it; null: not yet. */
  readonly deliveredAt: string | null
  /** True if payments tries no further delivery. */
  readonly closed: boolean
}

export interface EventLog {
  /** Inside the transaction of the charge: it happens now, and the settlement and a dispute later. */
  captured(charge: ChargeOfEvent, disputed: boolean): void
  /** Inside the transaction of a refund that a client requested. */
  refunded(charge: ChargeOfEvent, amountCents: number): void
  /** Everything that is due by now happens. */
  happen(nowMs: number): void
  /** Events to deliver now, the oldest first. Without an outcome, each is due again at `againMs`. */
  takeDue(nowMs: number, limit: number, againMs: number): readonly LoggedEvent[]
  /** When something is due next. Undefined: nothing is planned. */
  nextMs(): number | undefined
  delivered(number: number): void
  /** No `againMs`: payments gives up. */
  failed(number: number, againMs: number | undefined): void
  /** A page of the list, in the sequence in which the events happened. */
  list(page: EventPage): readonly LoggedEvent[]
  /** Events that happened or are planned. The cost does not grow with that number. */
  count(): number
  readAll(): readonly LoggedEvent[]
}

export interface EventPage {
  /** Only events after this number. */
  readonly after: number
  readonly limit: number
  readonly chargeId?: string
}

interface ChargeOfEvent {
  readonly id: string
  readonly orderId: string
  readonly amountCents: number
}

/** What the log needs of the books. */
export interface BooksOfEvents {
  inOne<T>(work: () => T): T
  /** Refunds what is left of the charge. Returns the amount. */
  refundRest(chargeId: string, idempotencyKey: string): number
}

const schema = `
  CREATE TABLE IF NOT EXISTS planned_events (
    number     INTEGER PRIMARY KEY,
    type       TEXT NOT NULL,
    charge_id  TEXT NOT NULL REFERENCES charges (id),
    due_ms     INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    number           INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    type             TEXT NOT NULL,
    charge_id        TEXT NOT NULL REFERENCES charges (id),
    order_id         TEXT NOT NULL,
    amount_cents     INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    at               TEXT NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    delivered_at     TEXT,
    -- Null: no further delivery.
    next_attempt_ms  INTEGER,
    UNIQUE (charge_id, sequence)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS planned_events_due ON planned_events (due_ms);
  CREATE INDEX IF NOT EXISTS events_waiting ON events (next_attempt_ms) WHERE next_attempt_ms IS NOT NULL;
`

const columns = `number, id, type, charge_id AS chargeId, order_id AS orderId,
  amount_cents AS amountCents, sequence, at, attempts, delivered_at AS deliveredAt,
  next_attempt_ms IS NULL AS closed`

/** Opens the events in the database of the books. They are as durable as the charges. */
export function openEventLog(
  database: DatabaseSync,
  times: EventTimes,
  books: BooksOfEvents,
): EventLog {
  database.exec(schema)
  const statements = prepareStatements(database)
  let count = Number(
    database
      .prepare('SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM planned_events) AS n')
      .get()?.['n'],
  )

  function add(type: PaymentEventType, charge: ChargeOfEvent, amountCents: number): void {
    const nowMs = Date.now()
    const at = new Date(nowMs).toISOString()
    const { id, orderId } = charge
    statements.insert.run(`ev_${randomUUID()}`, type, id, orderId, amountCents, id, at, nowMs)
    count += 1
  }

  function happenOne({ number, type, chargeId }: PlannedEvent): void {
    statements.unplan.run(number)
    count -= 1
    const charge = statements.chargeOf.get(chargeId) as unknown as ChargeOfEvent
    if (type === 'charge.settled') return add(type, charge, charge.amountCents)
    const amountCents = books.refundRest(chargeId, `dispute:${chargeId}`)
    // A client may have refunded all of it in the meantime.
    if (amountCents > 0) add(type, charge, amountCents)
  }

  return {
    captured(charge, disputed) {
      add('charge.captured', charge, charge.amountCents)
      const settledMs = Date.now() + times.settleAfterMs
      statements.plan.run('charge.settled', charge.id, settledMs)
      if (disputed)
        statements.plan.run('charge.refunded', charge.id, settledMs + times.disputeAfterMs)
      count += disputed ? 2 : 1
    },
    refunded: (charge, amountCents) => add('charge.refunded', charge, amountCents),
    happen(nowMs) {
      for (const each of statements.planned.all(nowMs) as unknown as PlannedEvent[])
        books.inOne(() => happenOne(each))
    },
    takeDue: (nowMs, limit, againMs) =>
      books.inOne(() => {
        const due = statements.dueNow.all(nowMs, limit).map(toEvent)
        for (const { number } of due) statements.setTaken.run(againMs, number)
        return due.map((event) => ({ ...event, attempts: event.attempts + 1 }))
      }),
    nextMs() {
      const ms = statements.next.get()?.['ms']
      return typeof ms === 'number' ? ms : undefined
    },
    delivered: (number) => void statements.setDelivered.run(new Date().toISOString(), number),
    failed: (number, againMs) => void statements.setFailed.run(againMs ?? null, number),
    list({ after, limit, chargeId }) {
      const rows =
        chargeId === undefined
          ? statements.page.all(after, limit)
          : statements.pageOfCharge.all(chargeId, after, limit)
      return rows.map(toEvent)
    },
    count: () => count,
    readAll: () => statements.page.all(0, -1).map(toEvent),
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    page: database.prepare(
      `SELECT ${columns} FROM events WHERE number > ? ORDER BY number LIMIT ?`,
    ),
    pageOfCharge: database.prepare(
      `SELECT ${columns} FROM events WHERE charge_id = ? AND number > ? ORDER BY number LIMIT ?`,
    ),
    plan: database.prepare('INSERT INTO planned_events (type, charge_id, due_ms) VALUES (?, ?, ?)'),
    insert: database.prepare(
      `INSERT INTO events (id, type, charge_id, order_id, amount_cents, sequence, at, next_attempt_ms)
     VALUES (?, ?, ?, ?, ?, (SELECT count(*) + 1 FROM events WHERE charge_id = ?), ?, ?)`,
    ),
    unplan: database.prepare('DELETE FROM planned_events WHERE number = ?'),
    planned: database.prepare(
      `SELECT number, type, charge_id AS chargeId, due_ms AS dueMs FROM planned_events
     WHERE due_ms <= ? ORDER BY due_ms, number`,
    ),
    chargeOf: database.prepare(
      'SELECT id, order_id AS orderId, amount_cents AS amountCents FROM charges WHERE id = ?',
    ),
    dueNow: database.prepare(
      `SELECT ${columns} FROM events WHERE next_attempt_ms <= ? ORDER BY number LIMIT ?`,
    ),
    next: database.prepare(
      `SELECT min(ms) AS ms FROM (SELECT min(due_ms) AS ms FROM planned_events
     UNION ALL SELECT min(next_attempt_ms) FROM events WHERE next_attempt_ms IS NOT NULL)`,
    ),
    setTaken: database.prepare(
      'UPDATE events SET attempts = attempts + 1, next_attempt_ms = ? WHERE number = ?',
    ),
    setDelivered: database.prepare(
      'UPDATE events SET delivered_at = ?, next_attempt_ms = NULL WHERE number = ?',
    ),
    setFailed: database.prepare('UPDATE events SET next_attempt_ms = ? WHERE number = ?'),
  }
}

interface PlannedEvent {
  readonly number: number
  readonly type: PaymentEventType
  readonly chargeId: string
}

function toEvent(row: Record<string, unknown>): LoggedEvent {
  return { ...row, closed: row['closed'] === 1 } as unknown as LoggedEvent
}
