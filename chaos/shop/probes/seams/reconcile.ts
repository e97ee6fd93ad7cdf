import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Reconcile } from '#services/worker/seams.ts'

import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import type { Intercept } from '../fakes/fake-process.ts'
import { errors, mishapAt, statementsMax } from '../fakes/mishaps.ts'
import type { Mishap } from '../fakes/mishaps.ts'
import { createReconcileShop, createReconciler } from '../fakes/reconcile-shop.ts'
import type { ConfirmedOrder, ReconcileShop } from '../fakes/reconcile-shop.ts'

const whatever =
  'Every order that is confirmed to a customer is processed to the end, whatever Redis loses.'
const noCancel =
  'Cancelling the lost orders is not a fix: payments declined no charge, and every order was confirmed.'
const again =
  'It does not matter when Redis loses its data, and how often: an order that is lost a second time is found a second time.'
const booksDecide =
  "Payments' books decide. An order is paid only if payments' books have its charge, and then the ledger has it too. An order is rejected only if they have it as declined."
const othersContinue =
  'An order that cannot be completed now does not keep the others waiting. The next round tries it again.'
const dayMs = 86_400_000
/** A round of each worker per second. The README gives no limit. */
const roundsMax = 120
const outageRounds = 60

/** One lost order of each kind. */
const everyKind: readonly ConfirmedOrder[] = (['placed', 'charging'] as const).flatMap((status) =>
  (['nothing', 'captured', 'declined'] as const).map((books) => ({
    id: `o-${status}-${books}`,
    status,
    books,
  })),
)
const withoutCharge = everyKind.filter(({ books }) => books === 'nothing')

export const reconcileContract: SeamContract<Reconcile> = {
  lab: 'queue-amnesia',
  time: 'jumping',
  probes: [
    {
      name: 'lost orders without a charge are paid in the end',
      promise: noCancel,
      run: async (tools) => await lostAndFound(tools, withoutCharge),
    },
    {
      name: 'lost orders of every status, with every kind of charge, end as the books say',
      promise: booksDecide,
      run: async (tools) => await lostAndFound(tools, everyKind),
    },
    {
      name: 'Redis loses the same orders again and again: they are found each time',
      promise: again,
      run: async (tools) =>
        await lostAndFound(
          tools,
          withoutCharge.map((order) => ({ ...order, losses: 3 })),
        ),
    },
    {
      name: 'the workers are down for a day: the orders are found',
      promise: again,
      run: async (tools) =>
        await lostAndFound(
          tools,
          everyKind.map((order) => ({ ...order, ageMs: dayMs })),
          0,
        ),
    },
    {
      name: 'orders that always fail do not keep the others waiting',
      promise: othersContinue,
      run: async (tools) => await amongFailures(tools),
    },
    ...(['payments', 'redis'] as const).map((where) => ({
      name: `${where === 'redis' ? 'Redis' : 'payments'} does not respond for a minute: afterwards every order ends as the books say`,
      promise: othersContinue,
      run: async (tools: ProbeTools<Reconcile>) => await afterOutage(tools, where),
    })),
    ...([...errors, 'dies before', 'dies after'] as const).map((mishap) => ({
      name: `a round fails at any of its statements (${mishap}): the next rounds complete the orders`,
      promise: whatever,
      run: async (tools: ProbeTools<Reconcile>) => await mishapAtEach(tools, mishap),
    })),
  ],
}

async function lostAndFound(
  tools: ProbeTools<Reconcile>,
  orders: readonly ConfirmedOrder[],
  roundsBefore = 3,
): Promise<Breach | undefined> {
  const shop = await createReconcileShop(tools)
  const workers = await startWorkers(tools, shop)
  await rounds(tools, shop, workers, roundsBefore)
  await shop.lose(orders)
  return await untilFinished(tools, shop, workers)
}

type Workers = readonly Awaited<ReturnType<typeof createReconciler>>[]

async function startWorkers(
  tools: ProbeTools<Reconcile>,
  shop: ReconcileShop,
  intercept?: Intercept,
): Promise<Workers> {
  return [await createReconciler(tools, shop, intercept), await createReconciler(tools, shop)]
}

/** Rounds of each worker, in turn. */
async function rounds(
  tools: ProbeTools<Reconcile>,
  shop: ReconcileShop,
  workers: Workers,
  count: number,
): Promise<Breach | undefined> {
  for (let i = 0; i < count; i++) {
    for (const worker of workers) await worker.round()
    await tools.pass(1_000)
    await shop.work()
    const breach = shop.judge()
    if (breach !== undefined) return breach
  }
  return undefined
}

async function untilFinished(
  tools: ProbeTools<Reconcile>,
  shop: ReconcileShop,
  workers: Workers,
  when = '',
): Promise<Breach | undefined> {
  for (let i = 0; i < roundsMax; i++) {
    const breach = await rounds(tools, shop, workers, 1)
    if (breach !== undefined) return breach
    if (shop.unfinished.length === 0) return undefined
  }
  return {
    expected: `every order has ended after ${roundsMax} rounds of two workers${when}`,
    actual: `not ended: ${shop.unfinished.slice(0, 5).join(', ')}`,
  }
}

async function amongFailures(tools: ProbeTools<Reconcile>): Promise<Breach | undefined> {
  // More than any batch has. Some are older than the others, and some are younger.
  const failing = Array.from({ length: 120 }, (_, i): ConfirmedOrder => ({
    id: `o-failing-${i}`,
    status: 'charging',
    books: 'nothing',
    ageMs: i < 110 ? 20_000 : 3_000,
    alwaysFails: true,
  }))
  const shop = await createReconcileShop(tools)
  const workers = await startWorkers(tools, shop)
  await shop.lose([...failing, ...everyKind])
  return await untilFinished(tools, shop, workers, ', although others always fail')
}

async function afterOutage(
  tools: ProbeTools<Reconcile>,
  where: 'payments' | 'redis',
): Promise<Breach | undefined> {
  const shop = await createReconcileShop(tools)
  const workers = await startWorkers(tools, shop)
  const [first] = withoutCharge
  // More orders than a pool has connections.
  const many = Array.from({ length: 12 }, (_, i) => ({ ...first, id: `o-${i}` }) as ConfirmedOrder)
  await shop.lose([...everyKind, ...many])
  shop.isAway = where
  const breach = await rounds(tools, shop, workers, outageRounds)
  if (breach !== undefined) return breach
  shop.isAway = undefined
  return await untilFinished(tools, shop, workers, `, after an outage of ${where}`)
}

async function mishapAtEach(
  tools: ProbeTools<Reconcile>,
  mishap: Mishap,
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const shop = await createReconcileShop(tools)
    const [one, other] = await startWorkers(tools, shop, mishapAt(at, mishap))
    if (one === undefined || other === undefined) return undefined
    await shop.lose(everyKind)
    await one.round()
    const workers = mishap.startsWith('dies') ? [other] : [one, other]
    const when = `, although statement ${at} met this: ${mishap}`
    const breach = await untilFinished(tools, shop, workers, when)
    if (breach !== undefined) return breach
  }
  return undefined
}
