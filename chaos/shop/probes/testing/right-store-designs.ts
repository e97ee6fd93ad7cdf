/** More right fixes with designs that no lab contains: those that work with Postgres. */
export const rightStoreDesigns: readonly (readonly [seam: string, design: string, code: string])[] =
  [
    [
      'record-payment',
      'SERIALIZABLE, repeated after 40001',
      `import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
export const recordPayment = async (payment, database) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, async (tx) => {
        const { rows } = await tx.query("SELECT count(*)::int AS n FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'", [payment.orderId])
        if (rows[0].n > 0) return
        await writeLedger(tx, payment)
        await changeStatus(tx, { orderId: payment.orderId, from: moving, to: 'paid' })
      }, 'SERIALIZABLE')
    } catch (error) { if (error.code !== '40001' || attempt === 5) throw error }
  }
}`,
    ],
    [
      'record-payment',
      'one statement for everything',
      `export const recordPayment = async ({ orderId, chargeId, amountCents }, database) => {
  await database.query(\`
    WITH paid AS (
      UPDATE orders SET status = 'paid', version = version + 1, updated_at = clock_timestamp()
      WHERE id = $1 AND status IN ('placed', 'charging') RETURNING id
    ), entry AS (
      INSERT INTO ledger_transactions (order_id, kind, charge_id) SELECT id, 'charge', $2 FROM paid RETURNING id
    )
    INSERT INTO ledger_entries (transaction_id, account, amount_cents)
    SELECT entry.id, e.account, e.cents FROM entry, unnest($3::text[], $4::integer[]) AS e (account, cents)\`,
    [orderId, chargeId, ['payments-receivable', 'sales'], [amountCents, -amountCents]])
}`,
    ],
    [
      'record-payment',
      'locks the ledger as a table',
      `import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
export const recordPayment = async (payment, database) => await inTransaction(database, async (tx) => {
  await tx.query('LOCK TABLE ledger_transactions IN SHARE ROW EXCLUSIVE MODE')
  const { rowCount } = await tx.query('SELECT 1 FROM ledger_transactions WHERE order_id = $1', [payment.orderId])
  if (rowCount > 0) return
  await writeLedger(tx, payment)
  await changeStatus(tx, { orderId: payment.orderId, from: moving, to: 'paid' })
})`,
    ],
    [
      'record-payment',
      'its own transaction without the helper, and a mark that is inserted without ON CONFLICT',
      `import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
export const recordPayment = async (payment, database) => {
  const client = await database.connect()
  let broken
  try {
    await client.query('BEGIN')
    await client.query("INSERT INTO processed_messages (consumer, message_id) VALUES ('books', $1)", [payment.messageId])
    await writeLedger(client, payment)
    await changeStatus(client, { orderId: payment.orderId, from: moving, to: 'paid' })
    await client.query('COMMIT')
  } catch (error) {
    broken = error.severity === undefined
    if (!broken) await client.query('ROLLBACK').catch(() => { broken = true })
    if (error.code !== '23505') throw error
  } finally { client.release(broken) }
}`,
    ],
    [
      'claim-key',
      'inserts at a savepoint, and goes back to it after a conflict',
      `import { Refusal } from '#services/lib/refusal.ts'
export const claimKey = async ({ key, requestHash, answer }, transaction) => {
  await transaction.query('SAVEPOINT claim')
  try {
    await transaction.query({ text: 'INSERT INTO idempotency_keys (key, request_hash, response_status, response_body) VALUES ($1, $2, $3, $4)', values: [key, requestHash, answer.status, JSON.stringify(answer.body)] })
    await transaction.query('RELEASE SAVEPOINT claim')
    return undefined
  } catch (error) {
    if (error.code !== '23505') throw error
    await transaction.query('ROLLBACK TO claim')
  }
  const { rows: [row] } = await transaction.query('SELECT request_hash = $2 AS same, response_status AS status, response_body AS body FROM idempotency_keys WHERE key = $1', [key, requestHash])
  if (!row.same) throw new Refusal('key-reused', 'x', { status: 422, definite: true })
  return { status: row.status, body: row.body }
}`,
    ],
    [
      'claim-key',
      'does not wait: NOWAIT by a lock timeout of its own',
      `import { Refusal } from '#services/lib/refusal.ts'
export const claimKey = async ({ key, requestHash, answer }, transaction) => {
  await transaction.query("SET LOCAL lock_timeout = '50ms'")
  const busy = () => new Refusal('in-progress', 'x', { status: 409, definite: false })
  try {
    const { rows } = await transaction.query('INSERT INTO idempotency_keys (key, request_hash, response_status, response_body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key', [key, requestHash, answer.status, answer.body])
    if (rows.length === 1) return undefined
  } catch (error) { if (error.code === '55P03') throw busy(); throw error }
  const { rows: [row] } = await transaction.query('SELECT * FROM idempotency_keys WHERE key = $1', [key])
  if (row === undefined) throw busy()
  if (row.request_hash !== requestHash) throw new Refusal('key-reused', 'x', { status: 422, definite: true })
  return { status: row.response_status, body: row.response_body }
}`,
    ],
    [
      'reserve-stock',
      'SERIALIZABLE, repeated after 40001',
      `import { setTimeout as sleep } from 'node:timers/promises'
import { inTransaction } from '#services/lib/transaction.ts'
export const reserveStock = async ({ sku, quantity }, database, makeOrder) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, async (tx) => await makeOrder(tx, async () => {
        const { rows } = await tx.query('SELECT stock FROM products WHERE sku = $1', [sku])
        if (rows[0].stock < quantity) return false
        await tx.query('UPDATE products SET stock = $2 WHERE sku = $1', [sku, rows[0].stock - quantity])
        return true
      }), 'SERIALIZABLE')
    } catch (error) {
      if (!['40001', '40P01'].includes(error.code) || attempt === 10) throw error
      await sleep(10 * attempt * Math.random())
    }
  }
}`,
    ],
    [
      'reserve-stock',
      'locks in WITH, and one UPDATE',
      `import { inTransaction } from '#services/lib/transaction.ts'
export const reserveStock = async ({ sku, quantity }, database, makeOrder) => await inTransaction(database, async (tx) =>
  await makeOrder(tx, async () => {
    const { rows } = await tx.query(\`WITH held AS (SELECT sku, stock FROM products WHERE sku = $1 FOR UPDATE)
      UPDATE products AS p SET stock = held.stock - $2::integer FROM held WHERE p.sku = held.sku AND held.stock >= $2 RETURNING p.stock AS left\`, [sku, quantity])
    return rows.length === 1 && rows[0].left >= 0
  }))`,
    ],
    [
      'publish-prices',
      'locks all products, and compares in the code',
      `import { inTransaction } from '#services/lib/transaction.ts'
export const publishPrices = async ({ database, readPriceList }) => {
  const { edition, prices } = await readPriceList()
  return await inTransaction(database, async (tx) => {
    const { rows } = await tx.query('SELECT sku, price_edition FROM products WHERE sku = ANY ($1) ORDER BY sku FOR NO KEY UPDATE', [prices.map(({ sku }) => sku)])
    if (rows.some((row) => Number(row.price_edition) >= edition)) return 'too-late'
    for (const { sku, priceCents } of prices)
      await tx.query('UPDATE products SET price_cents = $2, price_edition = $3 WHERE sku = $1', [sku, priceCents, edition])
    return 'published'
  })
}`,
    ],
    [
      'publish-prices',
      'REPEATABLE READ: a conflict is too late',
      `import { inTransaction } from '#services/lib/transaction.ts'
export const publishPrices = async ({ database, readPriceList }) => {
  const { edition, prices } = await readPriceList()
  try {
    return await inTransaction(database, async (tx) => {
      const { rows } = await tx.query('SELECT coalesce(max(price_edition), 0) AS newest FROM products')
      if (Number(rows[0].newest) >= edition) return 'too-late'
      await tx.query('UPDATE products SET price_cents = l.cents, price_edition = $3 FROM unnest($1::text[], $2::integer[]) AS l (sku, cents) WHERE products.sku = l.sku', [prices.map((p) => p.sku), prices.map((p) => p.priceCents), edition])
      return 'published'
    }, 'REPEATABLE READ')
  } catch (error) { if (error.code === '40001') return 'too-late'; throw error }
}`,
    ],
    [
      'reconcile',
      'one locked order at a time, in a transaction of its own',
      `import { inTransaction } from '#services/lib/transaction.ts'
export const reconcile = async (desk) => {
  for (let i = 0; i < 200; i++) {
    const order = await inTransaction(desk.database, async (tx) => {
      const { rows: [row] } = await tx.query(\`SELECT id, amount_cents FROM orders WHERE status = ANY ($2)
        AND updated_at < now() - $1 * interval '1 millisecond' ORDER BY updated_at LIMIT 1 FOR UPDATE SKIP LOCKED\`, [desk.afterMs, ['placed', 'charging']])
      if (row) await tx.query('UPDATE orders SET updated_at = now() WHERE id = $1', [row.id])
      return row
    })
    if (order === undefined) return
    try {
      const charge = await desk.findCharge(order.id)
      await (charge ? desk.settle(charge) : desk.queue.enqueue(desk.writeOrderMessage({ id: order.id, amountCents: order.amount_cents })))
    } catch (error) { desk.log.warn({ error }, 'later') }
  }
}`,
    ],
    [
      'reconcile',
      'an order by its age, without a limit, all at once',
      `export const reconcile = async ({ database, afterMs, findCharge, settle, queue, writeOrderMessage, log }) => {
  const { rows } = await database.query("SELECT id, amount_cents AS cents, clock_timestamp() - updated_at > $1 * interval '1 ms' AS old FROM orders WHERE NOT status IN ('paid', 'rejected', 'parked', 'sold-out', 'refunded')", [afterMs])
  const results = await Promise.allSettled(rows.filter(({ old }) => old).map(async ({ id, cents }) => {
    const charge = await findCharge(id).catch(() => undefined)
    if (charge) return await settle(charge)
    await queue.enqueue(writeOrderMessage({ id, amountCents: cents }))
  }))
  for (const { reason } of results) if (reason) log.warn({ err: reason }, 'failed')
}`,
    ],
    [
      'place-order',
      'the message first, at a savepoint that is not needed',
      `export const placeOrder = async (request, shop) => {
  const sale = await shop.sell(request, async (transaction, order) => {
    await transaction.query('SAVEPOINT order_only')
    await shop.outbox.write(transaction, order)
    await shop.save(transaction, order)
    await transaction.query('RELEASE SAVEPOINT order_only')
  })
  return sale.answer
}`,
    ],
    [
      'place-order',
      'once more after an unknown error',
      `import { Refusal } from '#services/lib/refusal.ts'
export const placeOrder = async (request, shop) => {
  const place = async () => (await shop.sell(request, async (transaction, order) => {
    await Promise.all([shop.save(transaction, order), shop.outbox.write(transaction, order)])
  })).answer
  try { return await place() } catch (error) { if (error instanceof Refusal) throw error; return await place() }
}`,
    ],
    [
      'read-order-message',
      'refuses what no column can hold',
      `const cents = (value) => (Number.isInteger(value) && value > 0 && value <= 2_147_483_647 ? value : undefined)
export const readOrderMessage = (message) => {
  if (message === null || typeof message !== 'object') return { unreadable: 'no object' }
  const amountCents = message.version === 2 ? cents(message.amountCents) : message.version === 1 && typeof message.amount === 'number' ? cents(Math.round(message.amount * 100)) : undefined
  if (amountCents === undefined || typeof message.orderId !== 'string') return { unreadable: 'version ' + JSON.stringify(message.version) }
  return { orderId: message.orderId, amountCents }
}`,
    ],
    [
      'claim-key',
      'asks for the lock again, for 500 ms',
      `import { setTimeout as sleep } from 'node:timers/promises'
     import { Refusal } from '#services/lib/refusal.ts'
     export const claimKey = async ({ key, requestHash, answer }, transaction) => {
       for (let i = 0; i < 10; i++) {
         const { rows } = await transaction.query('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine', [key])
         if (rows[0].mine) {
           const earlier = (await transaction.query('SELECT * FROM idempotency_keys WHERE key = $1', [key])).rows[0]
           if (earlier === undefined) {
             await transaction.query('INSERT INTO idempotency_keys VALUES ($1, $2, $3, $4)', [key, requestHash, answer.status, answer.body])
             return undefined
           }
           if (earlier.request_hash !== requestHash) throw new Refusal('key-reused', 'Another order has this key.', { status: 422, definite: true })
           return { status: earlier.response_status, body: earlier.response_body }
         }
         await sleep(50)
       }
       throw new Refusal('in-progress', 'busy', { status: 409, definite: false, retryAfterSeconds: 1 })
     }`,
    ],
    [
      'publish-prices',
      'a number from Redis that starts after the one of the rows',
      `import { takeLock } from '#services/lib/redis-lock.ts'
     export const publishPrices = async ({ redis, database, lockMs, readPriceList }) => {
       const lock = await takeLock(redis, 'lock:prices', lockMs)
       if (lock === undefined) return 'not-our-turn'
       try {
         const { rows } = await database.query('SELECT max(price_fence) AS last FROM products')
         await redis.set('fence', String(rows[0].last), 'NX')
         const fence = await redis.incr('fence')
         const { edition, prices } = await readPriceList()
         const { rowCount } = await database.query('UPDATE products SET price_fence = $1, price_edition = $2, price_cents = l.cents FROM unnest($3::text[], $4::integer[]) AS l (sku, cents) WHERE products.sku = l.sku AND price_fence < $1', [fence, edition, prices.map((p) => p.sku), prices.map((p) => p.priceCents)])
         return rowCount === 0 ? 'too-late' : 'published'
       } finally { await lock.release() }
     }`,
    ],
  ]
