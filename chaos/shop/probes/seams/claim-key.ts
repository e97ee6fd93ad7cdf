import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ClaimKey } from '#services/api/seams.ts'

import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import {
  clickInWords,
  createInstance,
  createShop,
  isKeyReused,
  isPatient,
  isSameAnswer,
  ordersOf,
} from '../fakes/clicks.ts'
import type { Click, ClickEnd, Instance } from '../fakes/clicks.ts'
import { throwUnknown } from '../fakes/fake-process.ts'
import { errors, gateAt, mishapAt, statementsMax } from '../fakes/mishaps.ts'
import type { Mishap } from '../fakes/mishaps.ts'
import type { Store } from '../fakes/sql/store.ts'

const oneOrder =
  'One `Idempotency-Key` is one order, and every request with that key receives the same response.'
const notRefused =
  'And no customer who only clicked twice is refused: after an error for the second click they do not know the result of the first.'
const stored = 'A request with the key of a placed order receives the stored response.'
const otherBody =
  'The same key with *another* body receives 422 `key-reused`, and that is definite.'
const noClaim =
  'If the first request fails, it leaves no claim: a retry with the key can place the order.'
/** Keys as clients make them: short, a UUID, numbers, and the longest one. */
const keys = [
  'o-01',
  '3f2b8c1e-94d7-4a65-b1c0-7e5d9a8f6042',
  '99999999999999999999',
  'no-digits_here',
  'gen-0123456789abcdef',
  'x'.repeat(64),
]
const click: Click = { key: 'k-01', body: 'a' }
const otherClick: Click = { ...click, body: 'b' }
/** Shorter and longer than a statement waits for a lock. */
const pausesMs = [100, 2_000]
const retriesMax = 3
const betweenMs = 1_000

export const claimKeyContract: SeamContract<ClaimKey> = {
  lab: 'double-submit',
  time: 'jumping',
  probes: [
    {
      name: 'while the first click is in progress, the second receives no definite refusal',
      promise: notRefused,
      run: async (tools) =>
        await atTheSameMoment(tools, click, ({ second }) =>
          second.how === 'refused' && second.refusal.definite
            ? 'the stored response, or a refusal that is not definite: the first click is being processed'
            : undefined,
        ),
    },
    {
      name: 'two clicks at the same moment: one order and one response',
      promise: oneOrder,
      run: async (tools) => await atTheSameMoment(tools, click, judgeTwins),
    },
    {
      name: 'two different orders with one key at the same moment: one is refused',
      promise: otherBody,
      run: async (tools) => await atTheSameMoment(tools, otherClick, judgeRivals),
    },
    {
      name: 'every later click receives the stored response, at each instance and with each kind of key',
      promise: stored,
      run: async (tools) => await oneAfterTheOther(tools, false),
    },
    {
      name: 'a click seconds, minutes and hours later receives the stored response',
      promise: stored,
      run: async (tools) => await muchLater(tools, false),
    },
    {
      name: 'a click with another body seconds, minutes and hours later is refused',
      promise: otherBody,
      run: async (tools) => await muchLater(tools, true),
    },
    {
      name: 'a later click with another body is refused, with each kind of key',
      promise: otherBody,
      run: async (tools) => await oneAfterTheOther(tools, true),
    },
    {
      name: 'the first request is refused after its claim: a retry places the order',
      promise: noClaim,
      run: async (tools) => await retryAfter(tools, 'refused'),
    },
    ...([...errors, 'dies before', 'dies after'] as const).map((mishap) => ({
      name: `the first request fails at any statement (${mishap}): a retry places the order`,
      promise: noClaim,
      run: async (tools: ProbeTools<ClaimKey>) => await retryAfter(tools, mishap),
    })),
  ],
}

interface Pair {
  readonly first: ClickEnd
  readonly second: ClickEnd
  readonly orders: readonly string[]
}

/** The first click stops before each of its statements in turn, and the second one comes meanwhile. */
async function atTheSameMoment(
  tools: ProbeTools<ClaimKey>,
  secondClick: Click,
  judge: (pair: Pair) => string | undefined,
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++)
    for (const pauseMs of pausesMs) {
      const store = await createShop(tools)
      const gate = gateAt(at)
      const one = await createInstance(tools, store, gate.intercept)
      const other = await createInstance(tools, store)
      let first: ClickEnd = { how: 'never' }
      void one.begin(click).then((end) => (first = end))
      await tools.pass(50)
      let second: ClickEnd = { how: 'never' }
      void other.begin(secondClick).then((end) => (second = end))
      await tools.pass(pauseMs)
      gate.open()
      await tools.pass(5_000)
      throwUnknown(one.process, other.process)
      const expected = judge({ first, second, orders: ordersOf(store, click.key) })
      if (expected === undefined) continue
      return {
        expected,
        actual: `first click: ${clickInWords(first)}; second click: ${clickInWords(second)}; orders: ${ordersOf(store, click.key).length}`,
      }
    }
  return undefined
}

function judgeTwins({ first, second, orders }: Pair): string | undefined {
  const [placed, other] = first.how === 'placed' ? [first, second] : [second, first]
  if (orders.length > 1) return 'one order'
  // Both may have waited for too long. Then both may be tried again.
  if (placed.how !== 'placed')
    return isPatient(first) && isPatient(second)
      ? undefined
      : 'one of the two clicks places the order'
  if (isSameAnswer(other, placed.answer) && other.how === 'stored') return undefined
  return isPatient(other) ? undefined : 'the stored response, or 409 that is not definite'
}

function judgeRivals({ first, second, orders }: Pair): string | undefined {
  const [placed, other] = first.how === 'placed' ? [first, second] : [second, first]
  if (orders.length > 1) return 'one order with this key'
  if (placed.how !== 'placed')
    return isPatient(first) && isPatient(second) ? undefined : 'one of the two orders is placed'
  return isKeyReused(other) || isPatient(other)
    ? undefined
    : '422 key-reused for the other order, or 409 that is not definite'
}

async function oneAfterTheOther(
  tools: ProbeTools<ClaimKey>,
  hasOtherBody: boolean,
): Promise<Breach | undefined> {
  for (const key of keys) {
    const store = await createShop(tools)
    const [one, other] = [await createInstance(tools, store), await createInstance(tools, store)]
    const first = await one.click({ key, body: 'a' })
    if (first.how !== 'placed')
      return { expected: `the order with the key ${key} is placed`, actual: clickInWords(first) }
    for (const instance of [other, one, other]) {
      const later = await instance.click({ key, body: hasOtherBody ? 'b' : 'a' })
      if (hasOtherBody ? isKeyReused(later) : isSameAnswer(later, first.answer)) continue
      return {
        expected: hasOtherBody
          ? '422 key-reused, definite'
          : clickInWords({ ...first, how: 'stored' }),
        actual: clickInWords(later),
      }
    }
  }
  return undefined
}

/** A retry of a phone, a customer who comes back, another tab at the end of the day. A day is not promised. */
const laterMs = [1_000, 5_000, 15_000, 60_000, 600_000, 3_600_000, 12 * 3_600_000]

/** The time between two clicks, at the same instance and at the other one, with other orders in between. */
async function muchLater(
  tools: ProbeTools<ClaimKey>,
  hasOtherBody: boolean,
): Promise<Breach | undefined> {
  for (const pauseMs of laterMs) {
    const store = await createShop(tools)
    const [one, other] = [await createInstance(tools, store), await createInstance(tools, store)]
    const first = await one.click(click)
    if (first.how !== 'placed')
      return { expected: 'the order is placed', actual: clickInWords(first) }
    await tools.pass(pauseMs)
    for (const [i, instance] of [one, other].entries()) {
      await instance.click({ key: `k-other-${i}`, body: 'c' })
      const later = await instance.click(hasOtherBody ? otherClick : click)
      if (hasOtherBody ? isKeyReused(later) : isSameAnswer(later, first.answer)) continue
      return {
        expected: `${hasOtherBody ? '422 key-reused, definite' : clickInWords({ ...first, how: 'stored' })}, ${pauseMs / 1_000} s after the order`,
        actual: clickInWords(later),
      }
    }
  }
  return undefined
}

async function retryAfter(
  tools: ProbeTools<ClaimKey>,
  mishap: Mishap | 'refused',
): Promise<Breach | undefined> {
  for (let at = 1; at <= (mishap === 'refused' ? 1 : statementsMax); at++)
    for (const isSameInstance of mishap.startsWith('dies') ? [false] : [false, true]) {
      const store = await createShop(tools)
      const one = await createInstance(
        tools,
        store,
        mishap === 'refused' ? undefined : mishapAt(at, mishap),
      )
      const first = one.begin({ ...click, isRefused: mishap === 'refused' })
      void first
      await tools.pass(5_000)
      const instance = isSameInstance ? one : await createInstance(tools, store)
      const end = await retry(tools, instance)
      const breach = judgeRetry(store, end)
      if (breach !== undefined) return breach
    }
  return undefined
}

/** As a patient client does. */
async function retry(tools: ProbeTools<ClaimKey>, instance: Instance): Promise<ClickEnd> {
  let end = await instance.click(click)
  const isOpen = (): boolean => end.how === 'failed' || isPatient(end)
  for (let attempt = 2; isOpen() && attempt <= retriesMax; attempt++) {
    await tools.pass(betweenMs)
    end = await instance.click(click)
  }
  return end
}

function judgeRetry(store: Store, end: ClickEnd): Breach | undefined {
  const [order, ...others] = ordersOf(store, click.key)
  const isConfirmed = end.how === 'placed' || end.how === 'stored'
  const isTrue =
    isConfirmed && others.length === 0 && JSON.stringify(end.answer.body['orderId']) === order
  if (isTrue) return undefined
  return {
    expected: 'the retry receives the confirmation of the one order that is placed',
    actual: `${clickInWords(end)}; orders: ${order === undefined ? 0 : others.length + 1}`,
  }
}
