import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { QuoteOrder } from '#services/api/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, SeamContract } from '../contract-probe.ts'
import {
  ask,
  broken,
  createQuoteShop,
  judgeAmount,
  judgeComplete,
  judgeQuote,
  refuses,
  silent,
  slow,
  slower,
  works,
} from '../fakes/quotes/quote-shop.ts'
import type { Mishap, PaymentsState, QuoteShop, Tools } from '../fakes/quotes/quote-shop.ts'
import { many, ordinary, sendQuotes } from '../fakes/quotes/send-quotes.ts'

const mustArrive =
  'They may arrive later, or with fewer payment methods, but they must arrive. Without a fault they must be complete.'
const respond = 'Every quote receives a response.'
const forThisAmount =
  'A quote is `complete` only with the payment methods that payments gave for this amount. Every other quote says `complete: false`.'
const completeAgain = 'Quotes are complete again once payments responds in time again.'
const inForce =
  'The amount is the price in force times the quantity. A product that does not exist is a 404.'
const goal =
  'When payments is slow, quotes are slow and nothing else is: customers who look at products notice nothing.'
const howeverMany =
  'It does not matter how many quotes wait for payments: customers who look at products notice nothing.'
const freeAgain = 'A connection is free again when its quote has ended, however it ended.'

const mug = { sku: 'mug', quantity: 2 }
const states = [works, slow, slower, silent, broken, refuses]
const failures = [silent, broken, refuses]

export const quoteOrderContract: SeamContract<QuoteOrder> = {
  lab: 'slow-dependency',
  time: 'jumping',
  probes: [
    {
      name: 'without a fault a quote is complete, with the methods for its amount',
      promise: mustArrive,
      run: async (tools) => await completeWithoutFault(tools),
    },
    {
      name: 'a quote arrives although payments fails',
      promise: respond,
      run: async (tools) => await inEach(failures, async (state) => await arrives(tools, state)),
    },
    {
      name: 'payments is slow: customers who look at products get a connection',
      promise: goal,
      run: async (tools) =>
        await inEach(
          [slow, slower, silent],
          async (state) => (await sendQuotes(tools, state, ordinary)).browse,
        ),
    },
    {
      name: 'payments is slow and many quotes arrive: customers who look at products get a connection',
      promise: howeverMany,
      run: async (tools) =>
        await inEach(
          [slow, slower, silent],
          async (state) => (await sendQuotes(tools, state, many)).browse,
        ),
    },
    {
      name: 'payments is slow: every quote arrives',
      promise: mustArrive,
      run: async (tools) =>
        await inEach(
          [slow, slower, silent],
          async (state) => (await sendQuotes(tools, state, ordinary)).quotes,
        ),
    },
    ...[slow, silent, refuses].map((state) => ({
      name: `after payments was ${state === slow ? 'slow' : state === silent ? 'failing' : 'refusing'}, quotes are complete again`,
      promise: completeAgain,
      run: async (tools: Tools) => await recovers(tools, state),
    })),
    {
      name: 'a quote is complete only with the methods for its amount, whatever payments does',
      promise: forThisAmount,
      run: async (tools) => await changingPayments(tools),
    },
    {
      name: 'quotes at the same time: none has anything of another one',
      promise: forThisAmount,
      run: async (tools) => await atTheSameTime(tools),
    },
    {
      name: 'the price changes while a quote waits: amount and methods still belong together',
      promise: forThisAmount,
      run: async (tools) => await priceChangesMeanwhile(tools),
    },
    {
      name: 'the price has changed: the next quote has the new one',
      promise: inForce,
      run: async (tools) => await inEach(states, async (state) => await newPrice(tools, state)),
    },
    {
      name: 'a product that does not exist is a 404, also one that existed before',
      promise: inForce,
      run: async (tools) => await inEach(states, async (state) => await notFound(tools, state)),
    },
    {
      name: 'quotes that fail use up no connections',
      promise: freeAgain,
      run: async (tools) =>
        await inEach<Mishap>(
          ['unknown product', 'statement rejected', 'no connection'],
          async (mishap) => await givesBack(tools, mishap),
        ),
    },
  ],
}

async function inEach<Case>(
  cases: readonly Case[],
  run: (one: Case) => Promise<Breach | undefined>,
): Promise<Breach | undefined> {
  for (const one of cases) {
    const breach = await run(one)
    if (breach !== undefined) return breach
  }
  return undefined
}

function price(shop: QuoteShop, sku: string): number {
  return shop.prices.get(sku) ?? Number.NaN
}

async function completeWithoutFault(tools: Tools): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools)
  for (const sku of ['mug', 'tea', 'yacht', 'mug'])
    for (const quantity of [1, 3, 25, 1_000]) {
      const end = await ask(tools, quoteOrder, shop, { sku, quantity })
      const breach = judgeComplete(end, { sku, quantity }, price(shop, sku))
      if (breach !== undefined) return breach
      await tools.pass(200)
    }
  return undefined
}

async function arrives(tools: Tools, state: PaymentsState): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools, () => state)
  for (let i = 0; i < 20; i++) {
    const breach = judgeAmount(await ask(tools, quoteOrder, shop, mug), mug, [price(shop, 'mug')])
    if (breach !== undefined) return breach
  }
  await tools.pass(5_000)
  if (tools.crash() === undefined) return undefined
  return {
    expected: `the process survives that payments ${state.name}`,
    actual: `it ended with ${inWords(tools.crash())}`,
  }
}

async function recovers(tools: Tools, fault: PaymentsState): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools, () => fault)
  for (let i = 0; i < 40; i++) {
    await ask(tools, quoteOrder, shop, mug)
    await tools.pass(100)
  }
  shop.payments = () => works
  let breach: Breach | undefined
  for (let second = 0; second < 60; second++) {
    breach = judgeComplete(await ask(tools, quoteOrder, shop, mug), mug, price(shop, 'mug'))
    if (breach === undefined) return undefined
    await tools.pass(1_000)
  }
  if (breach === undefined) return undefined
  return { expected: `within a minute: ${breach.expected}`, actual: breach.actual }
}

/** Payments works and fails in turn, and each quote is for another amount than the one before. */
async function changingPayments(tools: Tools): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools)
  for (const [i, state] of [...states, ...states.flatMap((one) => [works, one])].entries())
    for (const sku of ['mug', 'tea']) {
      shop.payments = () => state
      const request = { sku, quantity: i + 1 }
      const end = await ask(tools, quoteOrder, shop, request)
      const breach = judgeQuote(end, request, [price(shop, sku)])
      if (breach !== undefined) return breach
    }
  return undefined
}

/** Payments responds in another sequence than the quotes arrive, and to some of them with an error. */
async function atTheSameTime(tools: Tools): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  let asked = 0
  const shop = createQuoteShop(tools, () => {
    asked += 1
    return { ...(states[asked % states.length] ?? works), afterMs: 20 + ((asked * 137) % 400) }
  })
  const requests = Array.from({ length: 30 }, (_, i) => ({
    sku: i % 2 === 0 ? 'mug' : 'tea',
    quantity: i + 1,
  }))
  const ends = new Map<number, Awaited<ReturnType<typeof ask>>>()
  await tools.call(async () => {
    await Promise.all(
      requests.map(async (request, i) => {
        const beganMs = tools.now()
        const afterMs = (): number => tools.now() - beganMs
        await tools.sleep(i * 3)
        await quoteOrder(request, shop.desk).then(
          (value) => ends.set(i, { how: 'returned', value, afterMs: afterMs() }),
          (error: unknown) => ends.set(i, { how: 'threw', error, afterMs: afterMs() }),
        )
      }),
    )
  }, 60_000)
  shop.assertKnown()
  return await inEach([...requests.entries()], async ([i, request]) =>
    judgeQuote(ends.get(i) ?? { how: 'never' }, request, [price(shop, request.sku)]),
  )
}

/** The change happens at every stage of the quote in turn. Both prices were in force meanwhile. */
async function priceChangesMeanwhile(tools: Tools): Promise<Breach | undefined> {
  for (const state of states)
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const quoteOrder = await tools.load()
      const shop = createQuoteShop(tools, () => state)
      const [before, after] = [price(shop, 'mug'), 3_000]
      const change = tools
        .sleep(1 + share * state.afterMs)
        .then(() => shop.prices.set('mug', after))
      const breach = judgeQuote(await ask(tools, quoteOrder, shop, mug), mug, [before, after])
      if (breach !== undefined) return breach
      await tools.call(async () => await change, 2_000)
    }
  return undefined
}

async function newPrice(tools: Tools, state: PaymentsState): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools)
  for (const cents of [1_200, 1_500, 900]) {
    shop.prices.set('mug', cents)
    for (const payments of [state, works]) {
      shop.payments = () => payments
      const breach = judgeAmount(await ask(tools, quoteOrder, shop, mug), mug, [cents])
      if (breach !== undefined) return breach
    }
  }
  return undefined
}

async function notFound(tools: Tools, state: PaymentsState): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools)
  await ask(tools, quoteOrder, shop, mug)
  shop.prices.delete('mug')
  shop.payments = () => state
  for (const sku of ['mug', 'no-such-product']) {
    const end = await ask(tools, quoteOrder, shop, { sku, quantity: 2 })
    if (!is404(end)) return { expected: `404 for ${sku}`, actual: endInWords(end) }
  }
  return undefined
}

function is404(end: CallEnd<unknown>): boolean {
  return end.how === 'threw' && (end.error as { status?: unknown } | undefined)?.status === 404
}

/** More such quotes than the pool has connections, and then an ordinary one. */
async function givesBack(tools: Tools, mishap: Mishap): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  const shop = createQuoteShop(tools)
  await ask(tools, quoteOrder, shop, mug)
  await tools.pass(5_000)
  // The code may keep a connection of its own.
  const before = shop.pool.idleCount
  shop.mishap = mishap
  for (let i = 0; i < 20; i++) await ask(tools, quoteOrder, shop, mug)
  shop.mishap = undefined
  await tools.pass(5_000)
  const { totalCount, idleCount } = shop.pool
  if (idleCount < before)
    return {
      expected: `after 20 quotes (${mishap}), ${before} of ${totalCount} connections are free, as before`,
      actual: `${idleCount} connections are free`,
    }
  return judgeQuote(await ask(tools, quoteOrder, shop, mug), mug, [price(shop, 'mug')])
}
