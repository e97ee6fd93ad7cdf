import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import type { ChangingRun } from '#chaos/contracts/system.ts'
import { withPostgres } from '#chaos/faults/lib/postgres.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

/** A store that does not respond keeps its prices. */
const limitMs = 1_000
const settings = {
  // Not an instance of the shop. No fault ends a connection with a name that begins like this.
  application_name: 'chaos-head-office',
  connectionTimeoutMillis: limitMs,
  query_timeout: limitMs,
  // An order may hold the lock of its product. The next round changes the price instead.
  lock_timeout: 100,
} as const
const roundMs = 700

/** Changes every price once. The round selects the prices. */
export type ChangePrices = (round: number) => Promise<void>

/**
 * The head office changes prices while the shop sells, directly in Postgres. Without that, a response with an old price could
 * look right.
 */
function priceChanger(addresses: Pick<DirectAddresses, 'databaseUrl'>): ChangePrices {
  const base = new Map<string, number>()
  return async (round) =>
    await withPostgres(
      // It changes with a failover.
      addresses.databaseUrl,
      async (client) => {
        const { rows } = await client.query<{ sku: string; cents: number }>(
          'SELECT sku, price_cents AS cents FROM products ORDER BY sku',
        )
        for (const { sku, cents } of rows) {
          const firstCents = base.get(sku) ?? cents
          base.set(sku, firstCents)
          // One statement for each product: it never waits for one order while it blocks another.
          await client
            .query(
              'UPDATE products SET price_cents = $2, price_edition = price_edition + 1 WHERE sku = $1',
              [sku, priceIn(round, firstCents)],
            )
            .catch(() => undefined)
        }
      },
      settings,
    )
}

/** Up to five percent above or below the first price, and another one in each round. */
export function priceIn(round: number, firstCents: number): number {
  const percent = 95 + ((round * 7) % 11)
  return Math.max(1, Math.round((firstCents * percent) / 100))
}

/** Changes prices until it is disposed, about every 0.7 seconds at seeded times. A store that is down keeps its prices. */
export function changePricesRegularly(
  changePrices: ChangePrices,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): AsyncDisposable {
  const stop = new AbortController()
  const source = random.fork('head office')
  const running = (async () => {
    for (let round = 1; !stop.signal.aborted; round++) {
      await clock.sleep(roundMs * (0.75 + source.next() / 2), stop.signal).catch(() => undefined)
      if (!stop.signal.aborted) await changePrices(round).catch(() => undefined)
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/** The head office of a run, unless the shop's own workers publish prices in this scenario. */
export function openHeadOffice({
  addresses,
  environment,
  clock,
  random,
}: ChangingRun): AsyncDisposable | undefined {
  const own = Object.values(environment).some((values) => 'PRICES_INTERVAL_MS' in values)
  if (own) return undefined
  return changePricesRegularly(priceChanger(addresses), { clock, random })
}
