/** More right fixes: of the calls to the cache and to payments. No probe may call one of them violated. */
export const rightCallDesigns: readonly (readonly [seam: string, design: string, code: string])[] =
  [
    [
      'read-product',
      'its own copies for an outage, of a known age, and short ones of missing products',
      `export const readProduct = ({ cache, load, cacheFailed }) => {
       const copies = new Map()
       const read = async (sku) => {
         const atMs = Date.now()
         const product = await load(sku)
         copies.set(sku, { product, untilMs: atMs + (product ? 10_000 : 2_000) })
         if (product) cache.put(product).catch(cacheFailed)
         return product
       }
       return async (sku, { fresh }) => {
         if (fresh) return await read(sku)
         try {
           return (await cache.get(sku)) ?? (await read(sku))
         } catch (error) {
           cacheFailed(error)
           const copy = copies.get(sku)
           return copy && Date.now() < copy.untilMs ? copy.product : await read(sku)
         }
       }
     }`,
    ],
    [
      'read-product',
      'writes the cache in the background, and tries everything twice',
      `import { setTimeout as sleep } from 'node:timers/promises'
     export const readProduct = ({ cache, load, cacheFailed }) => {
       const waiting = new Map()
       let isWriting = false
       const write = async () => {
         if (isWriting) return
         isWriting = true
         for (const [sku, product] of waiting) {
           waiting.delete(sku)
           try { await cache.put(product) } catch (error) { cacheFailed(error); waiting.clear() }
         }
         isWriting = false
       }
       const get = async (sku) => {
         for (const pauseMs of [20, 0])
           try { return await cache.get(sku) } catch (error) { cacheFailed(error); await sleep(pauseMs) }
       }
       return async (sku, { fresh }) => {
         const cached = fresh ? undefined : await get(sku)
         if (cached) return cached
         const product = await load(sku).catch(async () => { await sleep(50); return await load(sku) })
         if (product) { waiting.set(sku, product); void write() }
         return product
       }
     }`,
    ],
    [
      'ask-payments',
      'a second request beside a slow one, for one call in ten',
      `export const askPayments = ({ attemptTimeoutMs }, { sleep }) => {
       let saved = 3
       return async (ask) => {
         saved = Math.min(3, saved + 0.1)
         const over = new AbortController()
         const one = async () => await ask(AbortSignal.any([over.signal, AbortSignal.timeout(attemptTimeoutMs)]))
         const second = async () => {
           await sleep(200)
           if (over.signal.aborted || saved < 1) throw new Error('no second request')
           saved -= 1
           return await one()
         }
         try {
           return await Promise.any([one(), second()])
         } catch (error) {
           throw error.errors[0]
         } finally {
           over.abort(new Error('another response came first'))
         }
       }
     }`,
    ],
    [
      'ask-payments',
      'the share of failures among twenty requests',
      `export const askPayments = (limits, { now, sleep, random }) => {
       let last = []
       let calls = 0
       const failed = () => last.filter((ok) => !ok).length
       const once = async (ask, ms) => {
         const stop = new AbortController()
         const timer = setTimeout(() => stop.abort(new Error('too late')), ms)
         let ok = false
         try {
           const response = await ask(stop.signal)
           ok = true
           return response
         } finally {
           clearTimeout(timer)
           last = [...last, ok].slice(-20)
           if (ok && failed() >= 10) last = []
         }
       }
       return async (ask) => {
         const endMs = now() + limits.deadlineMs
         calls += 1
         if (failed() >= 10 && calls % 3 !== 0) throw new Error('payments fails')
         try {
           return await once(ask, limits.attemptTimeoutMs)
         } catch (error) {
           if (failed() > 2) throw error
           const pauseMs = limits.backoffMs * random()
           await sleep(pauseMs)
           return await once(ask, Math.max(1, Math.min(limits.attemptTimeoutMs, endMs - now())))
         }
       }
     }`,
    ],
    [
      'charge-order',
      'remembers results, and reads the books four times',
      `import { setTimeout as sleep } from 'node:timers/promises'
     const results = new Map()
     export const chargeOrder = async (request, payments) => {
       const key = request.idempotencyKey
       if (results.has(key)) return results.get(key)
       let charge
       try {
         charge = await payments.charge(request)
       } catch (error) {
         for (let look = 0; look < 4 && charge === undefined; look++) {
           await sleep(500 * look)
           charge = await payments.findCharge(key).catch(() => undefined)
         }
         if (charge === undefined) throw error
       }
       const result = charge.status === 'captured' ? { status: 'captured', chargeId: charge.id } : { status: 'declined' }
       results.set(key, result)
       return result
     }`,
    ],
    [
      'charge-order',
      'its own limit, its own key and one order at a time',
      `import { createHash } from 'node:crypto'
     let last = Promise.resolve()
     export const chargeOrder = async (request, payments) => {
       const idempotencyKey = 'v1-' + createHash('sha256').update(request.orderId).digest('hex')
       const work = async () => {
         const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no response')), 700))
         const sent = payments.charge({ ...request, idempotencyKey })
         sent.catch(() => {})
         const { id, status } = await Promise.race([sent, late])
         if (status === 'captured') return { status, chargeId: id }
         if (status === 'declined') return { status }
         throw new Error('unknown status ' + status)
       }
       const mine = last.then(work, work)
       last = mine.catch(() => {})
       return await mine
     }`,
    ],
  ]
