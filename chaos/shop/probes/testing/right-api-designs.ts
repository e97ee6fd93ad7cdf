/** More right fixes with designs that no lab contains: admission, quotes and liveness. */
export const rightApiDesigns: readonly (readonly [seam: string, design: string, code: string])[] = [
  [
    'admission',
    'waiting orders look for a place every 20 ms',
    `import { Refusal } from '#services/lib/refusal.ts'
     const full = () => new Refusal('overloaded', 'full', { status: 503, definite: true, retryAfterSeconds: 1 })
     import { setTimeout as sleep } from 'node:timers/promises'
     export const admission = ({ runningMax, waitingMax, waitMaxMs }) => {
       let running = 0, waiting = 0
       return {
         async enter(work) {
           if (running >= runningMax) {
             if (waiting >= waitingMax) throw full()
             waiting += 1
             try {
               for (const until = performance.now() + waitMaxMs; running >= runningMax; await sleep(20))
                 if (performance.now() >= until) throw full()
             } finally { waiting -= 1 }
           }
           running += 1
           try { return await work() } finally { running -= 1 }
         },
         get running() { return running },
         get waiting() { return waiting },
       }
     }`,
  ],
  [
    'admission',
    'every free place wakes all waiting orders',
    `import { Refusal } from '#services/lib/refusal.ts'
     const full = () => new Refusal('overloaded', 'full', { status: 503, definite: true, retryAfterSeconds: 1 })
     export const admission = ({ runningMax, waitingMax, waitMaxMs }) => {
       const running = new Set(), waiting = new Set()
       let free = Promise.withResolvers()
       return {
         async enter(work) {
           const me = Symbol()
           const late = AbortSignal.timeout(waitMaxMs)
           const over = new Promise((r) => late.addEventListener('abort', () => r()))
           if (running.size >= runningMax && waiting.size >= waitingMax) throw full()
           waiting.add(me)
           try {
             while (running.size >= runningMax) {
               if (late.aborted) throw full()
               await Promise.race([free.promise, over])
             }
             running.add(me)
           } finally { waiting.delete(me) }
           try { return await work() } finally {
             running.delete(me)
             free.resolve()
             free = Promise.withResolvers()
           }
         },
         get running() { return running.size },
         get waiting() { return waiting.size },
       }
     }`,
  ],
  [
    'admission',
    'a limit that falls while orders are slow and rises again',
    `import { Refusal } from '#services/lib/refusal.ts'
     const full = () => new Refusal('overloaded', 'full', { status: 503, definite: true, retryAfterSeconds: 1 })
     export const admission = ({ runningMax, waitingMax, waitMaxMs }) => {
       let limit = runningMax, running = 0
       const queue = []
       const next = () => { while (running < Math.max(1, Math.floor(limit)) && queue.length) { running += 1; queue.shift()() } }
       return {
         async enter(work) {
           if (running < Math.max(1, Math.floor(limit))) running += 1
           else {
             if (queue.length >= waitingMax) throw full()
             await new Promise((resolve, reject) => {
               const start = () => { clearTimeout(t); resolve() }
               const t = setTimeout(() => { queue.splice(queue.indexOf(start), 1); reject(full()) }, waitMaxMs)
               queue.push(start)
             })
           }
           const began = performance.now()
           try { return await work() } finally {
             running -= 1
             limit = performance.now() - began > 3_000 ? Math.max(1, limit * 0.7) : Math.min(runningMax, limit + 1)
             next()
           }
         },
         get running() { return running },
         get waiting() { return queue.length },
       }
     }`,
  ],
  [
    'admission',
    'newest first after a second of load; the outcome of a slow order is unknown, and it keeps its place',
    `import { Refusal } from '#services/lib/refusal.ts'
     const full = () => new Refusal('overloaded', 'full', { status: 503, definite: true, retryAfterSeconds: 1 })
     const unknown = () => new Refusal('timeout', 'unknown', { status: 504, definite: false })
     export const admission = ({ runningMax, waitMaxMs }) => {
       let running = 0, emptyAt = 0
       let queue = []
       const leave = () => {
         running -= 1
         const now = performance.now()
         queue = queue.filter((w) => w.until > now || (w.no(full()), false))
         const w = now - emptyAt > 1_000 ? queue.pop() : queue.shift()
         if (!queue.length) emptyAt = now
         if (w) { running += 1; w.yes() }
       }
       return {
         async enter(work) {
           if (running < runningMax) { running += 1; emptyAt = performance.now() }
           else {
             let timer
             await new Promise((yes, no) => {
               const w = { yes, no, until: performance.now() + waitMaxMs }
               queue.push(w)
               timer = setTimeout(() => { if (queue.includes(w)) { queue = queue.filter((x) => x !== w); no(full()) } }, waitMaxMs)
             }).finally(() => clearTimeout(timer))
           }
           const done = (async () => await work())().finally(leave)
           done.catch(() => {})
           let t
           const late = new Promise((_, no) => { t = setTimeout(() => no(unknown()), 10_000) })
           return await Promise.race([done, late]).finally(() => clearTimeout(t))
         },
         get running() { return running },
         get waiting() { return queue.length },
       }
     }`,
  ],
  [
    'quote-order',
    'quotes for the same amount share one request to payments',
    `const inFlight = new Map()
     const methods = (shop, amount) => {
       let p = inFlight.get(amount)
       if (p === undefined) { p = shop.askForMethods(amount).finally(() => inFlight.delete(amount)); inFlight.set(amount, p) }
       return p
     }
     export const quoteOrder = async ({ sku, quantity }, shop) => {
       const { priceCents } = await shop.findProduct(shop.database, sku)
       const amountCents = priceCents * quantity
       try { return { sku, quantity, amountCents, paymentMethods: await methods(shop, amountCents), complete: true } }
       catch { return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false } }
     }`,
  ],
  [
    'quote-order',
    'remembers what payments gave for each amount',
    `const known = new Map()
     export const quoteOrder = async ({ sku, quantity }, shop) => {
       const { priceCents } = await shop.findProduct(shop.database, sku)
       const amountCents = priceCents * quantity
       const asked = shop.askForMethods(amountCents).then((m) => { known.set(amountCents, m); return m }).catch(() => known.get(amountCents))
       const late = new Promise((r) => setTimeout(() => r(known.get(amountCents)), 300))
       const m = await Promise.race([asked, late])
       return { sku, quantity, amountCents, paymentMethods: m ?? shop.ownMethods, complete: m !== undefined }
     }`,
  ],
  [
    'quote-order',
    'a circuit breaker for slow responses, open for 5 s',
    `let failures = 0, openUntil = 0
     export const quoteOrder = async (request, shop) => {
       const client = await shop.database.connect()
       const product = await shop.findProduct(client, request.sku).finally(() => client.release())
       const amountCents = product.priceCents * request.quantity
       const quote = (paymentMethods, complete) => ({ ...request, amountCents, paymentMethods, complete })
       if (Date.now() < openUntil) return quote(shop.ownMethods, false)
       const began = Date.now()
       try {
         const m = await shop.askForMethods(amountCents)
         failures = Date.now() - began > 500 ? failures + 1 : 0
         return quote(m, true)
       } catch { failures += 1; return quote(shop.ownMethods, false) }
       finally { if (failures >= 5) { openUntil = Date.now() + 5_000; failures = 0 } }
     }`,
  ],
  [
    'quote-order',
    'reads the price again, and is incomplete if it has changed',
    `export const quoteOrder = async ({ sku, quantity }, shop) => {
       const read = async () => (await shop.findProduct(shop.database, sku)).priceCents * quantity
       let amountCents = await read()
       const m = await shop.askForMethods(amountCents).catch(() => undefined)
       const now = await read()
       const same = now === amountCents && m !== undefined
       return { sku, quantity, amountCents: now, paymentMethods: same ? m : shop.ownMethods, complete: same }
     }`,
  ],
  [
    'quote-order',
    'holds the connection for 35 ms at most',
    `export const quoteOrder = async ({ sku, quantity }, shop) => {
       const c = await shop.database.connect()
       try {
         await c.query('BEGIN')
         const { priceCents } = await shop.findProduct(c, sku)
         await c.query('COMMIT')
         const amountCents = priceCents * quantity
         let t
         const late = new Promise((r) => { t = setTimeout(r, 35) })
         const m = await Promise.race([shop.askForMethods(amountCents).catch(() => undefined), late]).finally(() => clearTimeout(t))
         return { sku, quantity, amountCents, paymentMethods: m ?? shop.ownMethods, complete: m !== undefined }
       } finally { c.release() }
     }`,
  ],
  [
    'liveness',
    'the longest pause since the last probe',
    `import { monitorEventLoopDelay } from 'node:perf_hooks'
     const delay = monitorEventLoopDelay({ resolution: 20 })
     delay.enable()
     export const liveness = async () => { const max = delay.max / 1e6; delay.reset(); return max < 1_000 }`,
  ],
  [
    'liveness',
    'the 99th percentile of all pauses',
    `import { monitorEventLoopDelay } from 'node:perf_hooks'
     const delay = monitorEventLoopDelay()
     delay.enable()
     export const liveness = async () => delay.percentile(99) < 500e6 && !(delay.mean > 5e9)`,
  ],
  [
    'liveness',
    'the utilisation of the event loop since the last probe',
    `let last = performance.eventLoopUtilization()
     export const liveness = async () => { const now = performance.eventLoopUtilization(); const { utilization } = performance.eventLoopUtilization(now, last); last = now; return utilization < 0.98 }`,
  ],
  [
    'liveness',
    'a heartbeat on the monotonic clock',
    `let beat = process.hrtime.bigint()
     setInterval(() => { beat = process.hrtime.bigint() }, 500).unref()
     export const liveness = async () => process.hrtime.bigint() - beat < 2_000_000_000n`,
  ],
]
