import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { ExchangeEvent, Tap } from '#chaos/contracts/links.ts'

import type { Cli } from '../cli.ts'

const leaseMs = 60_000

/** Taps links until the signal aborts. The tap has a short lease that is renewed, so it also ends if this process is killed. */
export async function* tapExchanges(
  { clock }: Cli,
  client: ApiClient,
  options: {
    readonly link: string
    readonly signal: AbortSignal
    readonly transactions: readonly string[]
  },
): AsyncIterable<ExchangeEvent> {
  const { link, transactions } = options
  const over = new AbortController()
  const signal = AbortSignal.any([options.signal, over.signal])
  const { lastSeq } = await client.sandbox()
  const open = async (): Promise<Tap> =>
    await client.tap({ link, transactions, leaseMs: Math.min(leaseMs, leaseMaxMs) })
  let tap = await open()
  const renew = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(leaseMs / 2, signal)
      const before = tap.id
      tap = await open()
      await client.untap(before)
    }
  }
  const renewing = renew().catch(() => undefined)
  try {
    for await (const event of client.events({ types: ['exchange'] }, lastSeq, signal))
      // The stream also contains the exchanges of other users' taps on other links.
      if (event.type === 'exchange' && tap.links.includes(event.link)) yield event
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    over.abort()
    await renewing
    await client.untap(tap.id).catch(() => undefined)
  }
}
