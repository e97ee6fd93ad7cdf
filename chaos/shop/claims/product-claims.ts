import { oneOf, sameAsRequested, show } from './claim.ts'
import type { Claim, Response } from './claim.ts'
import { amountsOf } from './order-claims.ts'
import type { Period } from './shop-facts.ts'

/** An entry of the cache lives for up to a tenth longer than the promise of the cache. */
const cacheJitter = 1.1
/** A request may share a read that another request began: up to the time in which a read of the database fails. */
const sharedReadMs = 2_000

/** What the shop claims about a product. */
export const productClaims: readonly Claim[] = [
  sameAsRequested('sku'),
  (response) =>
    oneOf(
      'price in cents',
      response.body['priceCents'],
      response.facts.pricesIn(response.operation.sku ?? '', readPeriod(response)),
    ),
  (response) =>
    oneOf(
      'stock',
      response.body['stock'],
      response.facts.stocksIn(response.operation.sku ?? '', readPeriod(response)),
    ),
]

/** What the shop claims in a quote. */
export const quoteClaims: readonly Claim[] = [
  sameAsRequested('sku'),
  sameAsRequested('quantity'),
  ({ operation, attempt, body, facts }) =>
    oneOf(
      'amount in cents',
      body['amountCents'],
      amountsOf(facts.pricesIn(operation.sku ?? '', attemptPeriod(attempt)), operation.quantity),
    ),
  ({ body }) => oneOf('complete', body['complete'], [true, false]),
  ({ body, facts }) => {
    const offered = facts.paymentMethods(Number(body['amountCents']))
    if (offered === undefined) return undefined
    const claimed = offersIn(body['paymentMethods'])
    if (claimed === undefined)
      return { expected: 'a list of payment methods', actual: show(body['paymentMethods']) }
    const allowed = offersIn(offered) ?? []
    const isComplete = body['complete'] === true
    const isTrue = isComplete
      ? claimed.toSorted().join() === allowed.toSorted().join()
      : claimed.length > 0 && claimed.every((one) => [...allowed, ...ownOffers].includes(one))
    return isTrue
      ? undefined
      : {
          expected: `${isComplete ? 'complete, with' : 'incomplete, with some of'} ${allowed.join(', ')}${isComplete ? '' : ` and ${ownOffers.join(', ')}`}: what payments offers for ${show(body['amountCents'])} cents`,
          actual: claimed.length === 0 ? 'no payment method' : claimed.join(', '),
        }
  },
]

/** What the shop offers without payments. */
const ownOffers = ['invoice for 0']

/** `card for 12`, for each payment method. Undefined if this is not a list of payment methods. */
function offersIn(methods: unknown): string[] | undefined {
  if (!Array.isArray(methods)) return undefined
  return methods.map((one: unknown) => {
    const { method, feeCents } = (one ?? {}) as Record<string, unknown>
    return `${show(method)} for ${show(feeCents)}`
  })
}

/** The time from which the shop may have the data of this response: with the age of the cache. */
function readPeriod({ operation, attempt, facts }: Response): Period {
  const ageMs = operation.fresh === true ? 0 : facts.cacheTtlMs * cacheJitter
  return { fromMs: attempt.startMs - ageMs - sharedReadMs, toMs: attempt.endMs }
}

function attemptPeriod({ startMs, endMs }: Response['attempt']): Period {
  return { fromMs: startMs, toMs: endMs }
}
