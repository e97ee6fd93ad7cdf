import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ReserveStock } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { throwUnknown } from '../fakes/fake-process.ts'
import { errors, gateAt, mishapAt, statementsMax } from '../fakes/mishaps.ts'
import type { Mishap } from '../fakes/mishaps.ts'
import { createSeller, createStockShop, saleInWords } from '../fakes/stock-shop.ts'
import type { SaleEnd, StockShop } from '../fakes/stock-shop.ts'

const promise =
  'Sold prints plus remaining prints equal the initial stock, and no customer is refused while a print is left.'
const together = 'The order and its stock are written together: both or neither.'
const soldOutIsTrue =
  '"Sold out" is said only when it is true at that moment: fewer are left than this customer wants.'
const neverNegative = 'The stock is never below zero.'
const everyRequestEnds = 'Every request ends. An error that stays is reported to the customer.'
/** Other customers who are faster, one after the other. */
const fasterMax = 20

export const reserveStockContract: SeamContract<ReserveStock> = {
  lab: 'oversell',
  time: 'jumping',
  probes: [
    {
      name: 'an error that stays ends the request',
      promise: everyRequestEnds,
      run: async (tools) => await errorsThatStay(tools),
    },
    {
      name: 'sold out, and then a print comes back: it can be sold',
      promise,
      run: async (tools) => await sellsAfterRefusal(tools, { stock: 0, quantity: 1 }),
    },
    {
      name: 'three prints are refused where one is left: the one can be sold',
      promise,
      run: async (tools) => await sellsAfterRefusal(tools, { stock: 1, quantity: 3 }),
    },
    {
      name: 'any number of prints is sold exactly if so many are left',
      promise: neverNegative,
      run: async (tools) => await sellsWhatIsLeft(tools),
    },
    {
      name: 'an order that fails takes no print',
      promise: together,
      run: async (tools) => await failingOrders(tools),
    },
    ...([...errors, 'dies before', 'dies after'] as const).map((mishap) => ({
      name: `an order fails at any statement (${mishap}): orders and stock agree`,
      promise: together,
      run: async (tools: ProbeTools<ReserveStock>) => await mishapAtEach(tools, mishap),
    })),
    {
      name: 'two customers at the same moment, and enough prints for both',
      promise,
      run: async (tools) => await twoCustomers(tools, 5),
    },
    {
      name: 'two customers at the same moment, and one print',
      promise,
      run: async (tools) => await twoCustomers(tools, 1),
    },
    {
      name: 'a declined payment returns a print between any two statements',
      promise,
      run: async (tools) => await stockChanges(tools, 1),
    },
    {
      name: `${fasterMax} customers are faster, one before each statement`,
      promise: soldOutIsTrue,
      run: async (tools) => await stockChanges(tools, -1),
    },
  ],
}

/** First an order for more than there is. Then one print is there, and an order for one must get it. */
async function sellsAfterRefusal(
  tools: ProbeTools<ReserveStock>,
  first: { readonly stock: number; readonly quantity: number },
): Promise<Breach | undefined> {
  const shop = await createStockShop(tools, first.stock)
  const seller = await createSeller(tools, shop.store)
  await seller.sell(first.quantity)
  // A declined payment brings a print back.
  if (first.stock === 0) await tools.call(async () => await shop.change(1), 1_000)
  const end = await seller.sell(1)
  if (end.how === 'sold') return undefined
  return { expected: 'one print is left: it is sold', actual: saleInWords(end) }
}

async function sellsWhatIsLeft(tools: ProbeTools<ReserveStock>): Promise<Breach | undefined> {
  for (const stock of [0, 1, 2, 3, 5])
    for (const quantity of [1, 2, 3, 5, 6]) {
      const shop = await createStockShop(tools, stock)
      const seller = await createSeller(tools, shop.store)
      const end = await seller.sell(quantity)
      const isEnough = stock >= quantity
      if (end.how !== (isEnough ? 'sold' : 'sold out'))
        return {
          expected: `${stock} prints are left, and a customer wants ${quantity}: ${isEnough ? 'sold' : 'sold out'}`,
          actual: saleInWords(end),
        }
      const breach = judgeStock(shop, stock, '')
      if (breach !== undefined) return breach
    }
  return undefined
}

async function failingOrders(tools: ProbeTools<ReserveStock>): Promise<Breach | undefined> {
  const failures = [
    new Error('The order could not be written.'),
    new Refusal('key-reused', 'This key was used for another request.', {
      status: 422,
      definite: true,
    }),
  ]
  for (const failure of failures)
    for (const writes of ['before', 'after'] as const) {
      const shop = await createStockShop(tools, 5)
      const seller = await createSeller(tools, shop.store)
      await seller.sell(2, writes, failure)
      const breach = judgeStock(
        shop,
        5,
        ', although the order failed after it had taken its prints',
      )
      if (breach !== undefined) return breach
    }
  return undefined
}

async function mishapAtEach(
  tools: ProbeTools<ReserveStock>,
  mishap: Mishap,
): Promise<Breach | undefined> {
  for (const writes of ['before', 'after'] as const)
    for (let at = 1; at <= statementsMax; at++) {
      const shop = await createStockShop(tools, 5)
      const seller = await createSeller(tools, shop.store, mishapAt(at, mishap))
      const end = await seller.sell(2, writes)
      if (end.how === 'sold out')
        return { expected: '5 prints are left, and a customer wants 2', actual: saleInWords(end) }
      const breach = judgeStock(shop, 5, `, although statement ${at} met this: ${mishap}`)
      if (breach !== undefined) return breach
    }
  return undefined
}

/** The first customer stops before each statement in turn, and the second one comes meanwhile. */
async function twoCustomers(
  tools: ProbeTools<ReserveStock>,
  stock: number,
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const shop = await createStockShop(tools, stock)
    const gate = gateAt(at)
    const [one, other] = [
      await createSeller(tools, shop.store, gate.intercept),
      await createSeller(tools, shop.store),
    ]
    const ends: SaleEnd[] = []
    void one.begin(1).then((end) => ends.push(end))
    await tools.pass(50)
    void other.begin(1).then((end) => ends.push(end))
    await tools.pass(300)
    gate.open()
    await tools.pass(10_000)
    throwUnknown(one.process, other.process)
    const when = `, although another customer came at statement ${at}`
    const breach = judgeStock(shop, stock, when) ?? judgeTwo(shop, stock, ends)
    if (breach !== undefined) return breach
  }
  return undefined
}

function judgeTwo(
  { ordered }: StockShop,
  stock: number,
  ends: readonly SaleEnd[],
): Breach | undefined {
  const isSoldOut = ends.some(({ how }) => how === 'sold out')
  const actual = ends.map((end) => saleInWords(end)).join(' and ')
  if (stock >= 2 && isSoldOut) return { expected: `no "sold out": ${stock} are left`, actual }
  // Both may fail, and try again. But none may hear "sold out" then.
  if (stock === 1 && isSoldOut && ordered === 0)
    return { expected: 'no "sold out" while the print is left', actual }
  return undefined
}

/** Before each statement of a customer, another process changes the stock. */
async function stockChanges(
  tools: ProbeTools<ReserveStock>,
  by: 1 | -1,
): Promise<Breach | undefined> {
  const initial = 100
  // Returned prints come once, before each statement in turn. Faster customers are there at every statement.
  for (let at = 1; at <= (by === 1 ? statementsMax : 1); at++) {
    const shop = await createStockShop(tools, initial)
    let changed = 0
    const seller = await createSeller(tools, shop.store, async ({ number, run }) => {
      const isDue = by === 1 ? number === at : changed > -fasterMax
      if (isDue && (await shop.change(by))) changed += by
      return await run()
    })
    const end = await seller.sell(1)
    if (end.how === 'sold out')
      return { expected: `${shop.stock} prints are left: no "sold out"`, actual: saleInWords(end) }
    const when = `, although the stock changed by ${changed} meanwhile`
    const breach = judgeStock(shop, initial + changed, when)
    if (breach !== undefined) return breach
  }
  return undefined
}

async function errorsThatStay(tools: ProbeTools<ReserveStock>): Promise<Breach | undefined> {
  const shop = await createStockShop(tools, 5)
  const refusal = new Refusal('key-reused', 'This key was used for another request.', {
    status: 422,
    definite: true,
  })
  const refused = await (await createSeller(tools, shop.store)).sell(1, 'before', refusal)
  const cut = await createSeller(tools, shop.store, async ({ session }) => {
    session.close()
    throw new Error('Connection terminated unexpectedly')
  })
  const failed = await cut.sell(1)
  const endless = [refused, failed].find(({ how }) => how !== 'failed')
  if (endless === undefined) return undefined
  return { expected: 'the error', actual: saleInWords(endless) }
}

function judgeStock(
  { stock, ordered }: StockShop,
  initial: number,
  when: string,
): Breach | undefined {
  if (ordered + stock === initial && stock >= 0) return undefined
  return {
    expected: `the ordered and the remaining prints are ${initial} together${when}`,
    actual: `${ordered} are ordered, and ${stock} remain`,
  }
}
