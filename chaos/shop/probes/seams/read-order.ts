import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ReadOrder } from '#services/api/seams.ts'

import { firstOf } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import type { ServerState } from '../fakes/replicated-orders.ts'
import { openCustomer } from './read-order/customer.ts'
import {
  anyPosition,
  bothFail,
  missing,
  noReplica,
  replicaFails,
  texts,
} from './read-order/replica-fails.ts'

const ownOrder =
  'From the response to `POST /orders` on, every read of that order finds it, at whatever instance.'
const neverBack =
  'No read shows an older status than an earlier read of the same customer, however far behind the replica is.'
const fromReplica =
  'While the replica has what the customer has seen, the read comes from the replica, and the primary receives no statement.'
const noneFails =
  'A replica that is down, silent or far behind makes no read fail and no read longer than two seconds.'
const anyText = 'Any text can arrive as `x-position`: no text makes a read fail.'
const unknown = 'An order that does not exist is a 404. An order that exists is never a 404.'
const without = 'Without a replica every read comes from the primary.'

type Tools = ProbeTools<ReadOrder>

/** Below and above what designs without a position take as "far behind": milliseconds. */
const lags = [20, 150, 400, 900, 2_000, 8_000, 60_000, Number.POSITIVE_INFINITY]
const failures = ['refuses', 'silent', 'ends'] as const

const inPlain: Readonly<Record<(typeof failures)[number], string>> = {
  refuses: 'is down',
  silent: 'is silent',
  ends: 'ends its connections',
}

export const readOrderContract: SeamContract<ReadOrder> = {
  lab: 'read-your-writes',
  time: 'jumping',
  probes: [
    {
      name: 'an order is read right after it was placed, while the replica is behind',
      promise: ownOrder,
      run: async (tools) =>
        await firstOf(lags, async (lagMs) => await readRightAfter(tools, { lagMs, pauseMs: 0 })),
    },
    {
      name: 'an order is read some time after it was placed, while the replica is behind',
      promise: ownOrder,
      run: async (tools) =>
        await firstOf(
          [100, 600, 1_100, 5_500, 31_000],
          async (pauseMs) => await readRightAfter(tools, { lagMs: 60_000, pauseMs }),
        ),
    },
    {
      name: 'an order is read from its first status to its last one, again and again, at two instances',
      promise: neverBack,
      run: async (tools) => await firstOf(lags, async (lagMs) => await readAgain(tools, { lagMs })),
    },
    {
      name: 'an order is read at one instance, and then at the other one, when the replica has the order',
      promise: neverBack,
      run: async (tools) =>
        await firstOf(
          lags.slice(0, 6),
          async (lagMs) => await readAgain(tools, { lagMs, switchAfterMs: lagMs }),
        ),
    },
    {
      name: 'the replica stops, and then receives everything at once, while an order is read',
      promise: neverBack,
      run: async (tools) =>
        await firstOf(
          [100, 700, 3_000],
          async (stopMs) => await readAgain(tools, { lagMs: 0, stopMs }),
        ),
    },
    {
      name: 'the status has changed on the primary, and the customer has seen it there',
      promise: neverBack,
      run: seenOnPrimary,
    },
    {
      name: 'the replica is up to date: orders are read in each status',
      promise: fromReplica,
      run: async (tools) => await upToDate(tools, 'works'),
    },
    {
      name: 'the replica is up to date, and the primary is down',
      promise: fromReplica,
      run: async (tools) => await upToDate(tools, 'refuses'),
    },
    {
      name: 'an hour without a commit',
      promise: fromReplica,
      run: async (tools) => await upToDate(tools, 'works', 3_600_000),
    },
    {
      name: 'the replica was far behind, and has caught up',
      promise: fromReplica,
      run: caughtUp,
    },
    ...failures.map((state) => ({
      name: `the replica ${inPlain[state]}`,
      promise: noneFails,
      run: async (tools: Tools) => await replicaFails(tools, state),
    })),
    {
      name: 'the position is not one of the write-ahead log',
      promise: anyText,
      run: async (tools) => await firstOf(texts, async (text) => await anyPosition(tools, text)),
    },
    {
      name: 'an order that neither server has',
      promise: unknown,
      run: async (tools) =>
        await firstOf(
          ['works', ...failures] as const,
          async (state) => await missing(tools, state),
        ),
    },
    {
      name: 'the primary fails while the replica does not have the order',
      promise: unknown,
      run: async (tools) => await firstOf(failures, async (state) => await bothFail(tools, state)),
    },
    {
      name: 'there is no replica',
      promise: without,
      run: noReplica,
    },
  ],
}

async function readRightAfter(
  tools: Tools,
  { lagMs, pauseMs }: { readonly lagMs: number; readonly pauseMs: number },
): Promise<Breach | undefined> {
  const { customer } = await openCustomer(tools, lagMs)
  const when = `${pauseMs} ms after the 201, while the replica is ${lagMs} ms behind`
  for (let i = 0; i < 2; i++) {
    await tools.pass(pauseMs)
    const breach = await customer.read(when)
    if (breach !== undefined) return breach
  }
  return undefined
}

const stepMs = 90

/** Reads while the status changes. With `stopMs`, the replica stops that long instead. */
async function readAgain(
  tools: Tools,
  {
    lagMs,
    stopMs = 0,
    switchAfterMs,
  }: { readonly lagMs: number; readonly stopMs?: number; readonly switchAfterMs?: number },
): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, stopMs > 0 ? Infinity : lagMs)
  const when = `while the replica is ${stopMs > 0 ? `stopped for ${stopMs}` : lagMs} ms behind`
  const readsMax = Math.ceil(Math.min(stopMs + lagMs, 10_000) / stepMs) + 20
  for (let i = 0; i < readsMax; i++) {
    if (i === 2) await shop.change('o-1', 'charging')
    if (i === 5) await shop.change('o-1', 'paid')
    if (stopMs > 0 && i * stepMs > stopMs) shop.lagMs = 0
    const instance = switchAfterMs === undefined ? i : Number(i * stepMs >= switchAfterMs)
    const breach = await customer.read(when, instance)
    if (breach !== undefined) return breach
    await tools.pass(stepMs)
  }
  return undefined
}

async function seenOnPrimary(tools: Tools): Promise<Breach | undefined> {
  for (const state of failures) {
    const { shop, customer } = await openCustomer(tools, 0)
    shop.lagMs = 500
    await shop.change('o-1', 'charging')
    await shop.change('o-1', 'paid')
    // The replica does not respond, so this read comes from the primary.
    shop.replicaState = state
    const first = await customer.read(`while the replica ${inPlain[state]}`)
    if (first !== undefined) return first
    shop.replicaState = 'works'
    const second = await customer.read('after the primary has said so, while the replica is behind')
    if (second !== undefined) return second
  }
  return undefined
}

async function upToDate(
  tools: Tools,
  primaryState: ServerState,
  pauseMs = 50,
): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, 0)
  for (const status of ['placed', 'charging', 'paid'] as const) {
    if (status !== 'placed') await shop.change('o-1', status)
    await tools.pass(pauseMs)
    shop.primaryState = primaryState
    for (let i = 0; i < 3; i++) {
      const before = shop.statementsOnPrimary
      const breach = await customer.read('from a replica that has everything')
      if (breach !== undefined) return breach
      if (shop.statementsOnPrimary > before)
        return {
          expected: 'no statement on the primary: the replica has everything',
          actual: `${shop.statementsOnPrimary - before} statements on the primary`,
        }
    }
    shop.primaryState = 'works'
  }
  return undefined
}

async function caughtUp(tools: Tools): Promise<Breach | undefined> {
  const { shop, customer } = await openCustomer(tools, Infinity)
  for (const status of ['charging', 'paid'] as const) {
    await customer.read('while the replica is behind')
    await shop.change('o-1', status)
  }
  await customer.read('while the replica is behind')
  shop.lagMs = 0
  // Generous: code may try the replica again only after a while.
  await tools.pass(60_000)
  await customer.read('after the replica has caught up')
  const before = shop.statementsOnPrimary
  const breach = await customer.read('after the replica has caught up')
  if (breach !== undefined || shop.statementsOnPrimary === before) return breach
  return {
    expected: 'no statement on the primary: the replica has caught up a minute ago',
    actual: `${shop.statementsOnPrimary - before} statements on the primary`,
  }
}
