import type { Breach } from '#chaos/contracts/probe-report.ts'

import { createQuoteShop } from './quote-shop.ts'
import type { PaymentsState, Tools } from './quote-shop.ts'

/** As at one instance of the lab, and four times as many. */
export const ordinary = { quotesPerSecond: 25, forMs: 4_000 }
export const many = { quotesPerSecond: 100, forMs: 2_000 }

interface Load {
  readonly quotesPerSecond: number
  readonly forMs: number
}

interface Seen {
  /** Customers who look at products. */
  readonly browse: Breach | undefined
  readonly quotes: Breach | undefined
}

const browsePerSecond = 10
const waitMaxMs = 250
const afterLoadMs = 30_000

/** Quotes and reads of products while payments is in this state. */
export async function sendQuotes(tools: Tools, payments: PaymentsState, load: Load): Promise<Seen> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools, () => payments)
  const { quotesPerSecond, forMs } = load
  const waits: number[] = []
  let arrived = 0
  const browse = async (): Promise<void> => {
    const beganMs = tools.now()
    await shop.pool.query('SELECT 1').catch(() => undefined)
    waits.push(tools.now() - beganMs)
  }
  const quote = async (): Promise<void> => {
    await quoteOrder({ sku: 'mug', quantity: 1 }, shop.desk)
    arrived += 1
  }
  const sent = (quotesPerSecond * forMs) / 1_000
  const perBrowse = quotesPerSecond / browsePerSecond
  await tools.call(
    async () => {
      for (let i = 0; i < sent; i++) {
        quote().catch(() => undefined)
        if (Math.floor(i / perBrowse) !== Math.floor((i - 1) / perBrowse)) void browse()
        await tools.sleep(1_000 / quotesPerSecond)
      }
      await tools.sleep(afterLoadMs)
    },
    forMs + afterLoadMs + 1_000,
  )
  shop.assertKnown()
  const late = waits.filter((ms) => ms > waitMaxMs)
  return {
    browse:
      late.length === 0
        ? undefined
        : {
            expected: `while payments ${payments.name} and ${quotesPerSecond} quotes per second arrive, a read of a product gets a connection within ${waitMaxMs} ms`,
            actual: `${late.length} of ${waits.length} reads waited longer, up to ${Math.round(Math.max(...late))} ms`,
          },
    quotes:
      arrived === sent
        ? undefined
        : {
            expected: `${sent} of ${sent} quotes within 30 s, while payments ${payments.name}`,
            actual: `${arrived} of ${sent} quotes arrived`,
          },
  }
}
