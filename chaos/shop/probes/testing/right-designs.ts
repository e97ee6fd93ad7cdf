/** Right fixes with designs that no lab contains. No probe may call one of them violated. */
export const rightDesigns: readonly (readonly [seam: string, design: string, code: string])[] = [
  [
    'liveness',
    'the utilisation of the event loop',
    `export const liveness = async () => performance.eventLoopUtilization().utilization < 0.95`,
  ],
  [
    'liveness',
    'the lateness of a timer',
    `let late = 0
     let expected = Date.now() + 200
     setInterval(() => { late = Date.now() - expected; expected = Date.now() + 200 }, 200).unref()
     export const liveness = async () => late < 2_000`,
  ],
  [
    'liveness',
    'a query beside the probe, with every end of it handled',
    `export const liveness = async ({ database, redis }) => {
       database.connect().then(async (client) => { try { await client.query('SELECT 1') } finally { client.release() } }).catch(() => {})
       redis.ping().catch(() => {})
       return true
     }`,
  ],
  [
    'shutdown',
    'the jobs stop at SIGTERM, the requests when the load balancer has noticed',
    `export const shutdown = async (service) => {
       service.becomeUnready()
       const jobs = service.drainJobs().catch(() => {})
       await service.sleep(service.leaveBalancerMs)
       const requests = service.drainRequests().catch(() => {})
       await Promise.race([Promise.all([jobs, requests]), service.sleep(service.graceMs - 100)])
       await service.close()
     }`,
  ],
  [
    'admission',
    'no queue at all',
    `import { Refusal } from '#services/lib/refusal.ts'
     export const admission = ({ runningMax }) => {
       let running = 0
       return {
         async enter(work) {
           if (running >= runningMax) throw new Refusal('overloaded', 'full', { status: 503, definite: true, retryAfterSeconds: 1 })
           running += 1
           try { return await work() } finally { running -= 1 }
         },
         get running() { return running },
         waiting: 0,
       }
     }`,
  ],
  [
    'ask-payments',
    'one attempt, no retry',
    `export const askPayments = (limits) => async (ask) => await ask(AbortSignal.timeout(limits.attemptTimeoutMs))`,
  ],
  [
    'shutdown',
    'its own timers, one limit from SIGTERM',
    `import { setTimeout as sleep } from 'node:timers/promises'
     export const shutdown = async (service) => {
       const limit = AbortSignal.timeout(service.leaveBalancerMs + service.graceMs)
       const over = new Promise((resolve) => limit.addEventListener('abort', resolve))
       service.becomeUnready()
       await sleep(service.leaveBalancerMs)
       const drained = Promise.all([service.drainRequests(), service.drainJobs()])
       await Promise.race([drained, over])
       await service.close()
     }`,
  ],
  [
    'print-label',
    'a limit, and a second attempt for an unknown error',
    `import { UnprintableError } from '#services/worker/orders/label-printer.ts'
     export const printLabel = async ({ id, customer, note }, { printer, park }) => {
       const text = customer + '\\n' + (note ?? '')
       for (let attempt = 1; ; attempt++) {
         const error = await new Promise((resolve) => {
           const job = printer.print(text)
           const timer = setTimeout(() => resolve(new Error('no result')), 5_000)
           job.once('printed', () => { clearTimeout(timer); resolve(undefined) })
           job.once('error', (e) => { clearTimeout(timer); resolve(e) })
         })
         if (error === undefined) return 'printed'
         if (error instanceof UnprintableError) { await park(id, error.message); return 'parked' }
         if (attempt === 2) throw error
       }
     }`,
  ],
  [
    'charge-order',
    'reads the books before each charge, and tries three times',
    `import { setTimeout as sleep } from 'node:timers/promises'
     const outcomeOf = ({ id, status }) => (status === 'captured' ? { status, chargeId: id } : { status })
     export const chargeOrder = async (request, payments) => {
       for (let attempt = 1; ; attempt++) {
         try {
           const known = await payments.findCharge(request.idempotencyKey)
           return outcomeOf(known ?? (await payments.charge(request)))
         } catch (error) {
           if (attempt === 3) throw error
           await sleep(200)
         }
       }
     }`,
  ],
  [
    'read-product',
    'gives the cache 50 ms',
    `export const readProduct = ({ cache, load, cacheFailed }) => async (sku, { fresh }) => {
       if (!fresh) {
         const late = new Promise((resolve) => setTimeout(resolve, 50))
         const cached = await Promise.race([cache.get(sku).catch(cacheFailed), late])
         if (cached) return cached
       }
       const product = await load(sku)
       if (product) void cache.put(product).catch(cacheFailed)
       return product
     }`,
  ],
  [
    'quote-order',
    'gives payments 300 ms, and holds nothing',
    `export const quoteOrder = async ({ sku, quantity }, shop) => {
       const { priceCents } = await shop.findProduct(shop.database, sku)
       const amountCents = priceCents * quantity
       const late = new Promise((resolve) => setTimeout(resolve, 300))
       const methods = await Promise.race([shop.askForMethods(amountCents).catch(() => undefined), late])
       return { sku, quantity, amountCents, paymentMethods: methods ?? shop.ownMethods, complete: methods !== undefined }
     }`,
  ],
  [
    'record-payment',
    'locks the order and reads its status',
    `import { inTransaction } from '#services/lib/transaction.ts'
     import { writeLedger } from '#services/worker/orders/write-ledger.ts'
     export const recordPayment = async (payment, database) => await inTransaction(database, async (transaction) => {
       const { rows } = await transaction.query('SELECT status FROM orders WHERE id = $1 FOR UPDATE', [payment.orderId])
       if (rows[0]?.status === 'paid') return
       await writeLedger(transaction, payment)
       await transaction.query("UPDATE orders SET status = 'paid', version = version + 1 WHERE id = $1", [payment.orderId])
     })`,
  ],
  [
    'reconcile',
    'an order again after ten seconds at the earliest',
    `import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
     const last = new Map()
     export const reconcile = async (desk) => {
       for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
         if (Date.now() - (last.get(order.id) ?? 0) < 10_000) continue
         try {
           const charge = await desk.findCharge(order.id)
           if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
           else await desk.settle(charge)
           last.set(order.id, Date.now())
         } catch (error) { desk.log.warn({}, 'failed') }
       }
     }`,
  ],
  [
    'place-order',
    'its own statement for the outbox',
    `export const placeOrder = async (request, shop) => {
       const { answer } = await shop.sell(request, async (transaction, order) => {
         await shop.save(transaction, order)
         await transaction.query("INSERT INTO outbox (topic, order_id, payload) VALUES ('orders', $1, $2)", [order.id, { version: 1 }])
       })
       return answer
     }`,
  ],
  [
    'reserve-stock',
    'an optimistic update, repeated',
    `import { inTransaction } from '#services/lib/transaction.ts'
     export const reserveStock = async ({ sku, quantity }, database, makeOrder) => await inTransaction(database, async (transaction) =>
       await makeOrder(transaction, async () => {
         for (;;) {
           const { rows } = await transaction.query('SELECT stock FROM products WHERE sku = $1', [sku])
           if (rows[0].stock < quantity) return false
           const { rowCount } = await transaction.query('UPDATE products SET stock = $3 WHERE sku = $1 AND stock = $2', [sku, rows[0].stock, rows[0].stock - quantity])
           if (rowCount === 1) return true
         }
       }))`,
  ],
  [
    'read-order-message',
    'a schema for each version',
    `const readers = {
       1: ({ orderId, amount, cents }) => ({ orderId, amountCents: cents ?? Math.round(amount * 100) }),
       2: ({ orderId, amountCents }) => ({ orderId, amountCents }),
     }
     const isWhole = ({ orderId, amountCents }) => typeof orderId === 'string' && Number.isSafeInteger(amountCents)
     export const readOrderMessage = (message) => {
       const order = readers[message.version]?.(message)
       return order !== undefined && isWhole(order) ? order : { unreadable: 'version ' + message.version }
     }`,
  ],
  [
    'write-order-message',
    'the cents in an object of their own',
    `export const writeOrderMessage = ({ id, amountCents }) => ({ version: 1, orderId: id, amount: Number((amountCents / 100).toFixed(2)), money: { minor: amountCents, currency: 'EUR' } })`,
  ],
]
