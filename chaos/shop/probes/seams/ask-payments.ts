import type { Breach } from '#chaos/contracts/probe-report.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { Ask, AskLimits, AskPayments } from '#services/api/seams.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { createSlowPayments } from '../fakes/payments/slow-payments.ts'
import type { SlowPayments } from '../fakes/payments/slow-payments.ts'
import { askPaymentsCalls } from './ask-payments-calls.ts'

const again = 'When payments works again, quotes are complete again: soon, and every time.'
const howeverLong =
  'Quotes recover however long payments was slow, if payments can process a few requests per second more than customers send.'
const noLonger =
  'Until then customers get quotes with fewer payment methods, and do not wait longer than now. Sending no request to payments is not a fix, and waiting longer is not one either.'
const oneRequest =
  'For each quote the API sends one request to payments, or up to four if no response arrives within 350 ms.'
/** As the lab's API has them. */
const limits: AskLimits = {
  attemptsMax: 4,
  attemptTimeoutMs: 350,
  deadlineMs: 1_200,
  backoffMs: 100,
  backoffMaxMs: 1_000,
}
/** The starting version: four attempts, and three pauses between them. */
const waitMaxMs =
  limits.attemptsMax * limits.attemptTimeoutMs + (limits.attemptsMax - 1) * limits.backoffMs
const everyMs = 50

export const askPaymentsContract: SeamContract<AskPayments> = {
  lab: 'retry-storm',
  time: 'jumping',
  probes: [
    {
      name: 'each quote receives the response to its own request',
      promise: oneRequest,
      async run(tools) {
        const ask = await create(tools)
        const one =
          (number: number): Ask<number> =>
          async () => {
            await tools.sleep(90)
            return number
          }
        const end = await tools.call(
          async () => await Promise.all([1, 2, 3, 4, 5].map(async (n) => await ask(one(n)))),
          10_000,
        )
        if (end.how === 'returned' && String(end.value) === '1,2,3,4,5') return undefined
        return {
          expected: '1, 2, 3, 4, 5: the responses to five requests at once',
          actual: endInWords(end),
        }
      },
    },
    {
      name: 'while payments is silent, no quote waits longer than now',
      promise: noLonger,
      run: async (tools) => await waits(tools),
    },
    ...[1_400, 4_000, 12_000].map((slowMs) => ({
      name: `complete again within 5 s, after payments was slow for ${slowMs / 1_000} s, twice`,
      promise: again,
      run: async (tools: ProbeTools<AskPayments>) => await recovers(tools, slowMs),
    })),
    {
      name: 'complete again after each of 25 hiccups',
      promise: again,
      run: async (tools) => await recoversEachTime(tools),
    },
    {
      name: 'complete again after payments has failed for an hour',
      promise: howeverLong,
      run: async (tools) => await recoversFromFailures(tools),
    },
    {
      name: 'complete again after a hiccup that comes after an hour of success',
      promise: again,
      run: async (tools) => await recoversAfterUptime(tools),
    },
    ...askPaymentsCalls,
  ],
}

async function create(tools: ProbeTools<AskPayments>): Promise<ReturnType<AskPayments>> {
  const random = createRandom(1)
  const { now, sleep } = tools
  return (await tools.load())(limits, { now, sleep, random: () => random.next() })
}

async function waits(tools: ProbeTools<AskPayments>): Promise<Breach | undefined> {
  const ask = await create(tools)
  const silent: Ask<never> = async (signal) =>
    await new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
  const times: number[] = []
  await tools.call(async () => {
    for (let i = 0; i < 60; i++) {
      const beganMs = tools.now()
      const ended = (): void => void times.push(tools.now() - beganMs)
      ask(silent).then(ended, ended)
      await tools.sleep(2 * everyMs)
    }
    await tools.sleep(20_000)
  }, 60_000)
  const longestMs = times.length < 60 ? Number.POSITIVE_INFINITY : Math.max(...times)
  // A wait of the starting version, and a little more for rounding.
  if (longestMs <= 1.05 * waitMaxMs) return undefined
  return {
    expected: `no quote waits longer than four attempts do now: ${waitMaxMs} ms`,
    actual:
      longestMs === Number.POSITIVE_INFINITY
        ? `${60 - times.length} of 60 quotes waited more than 20 s`
        : `a quote waited ${Math.round(longestMs)} ms`,
  }
}

const hiccups = 25
const hiccupMs = 500

/** Short hiccups, one after the other. Something that is lost in each of them is missing in the end. */
async function recoversEachTime(tools: ProbeTools<AskPayments>): Promise<Breach | undefined> {
  const instances = [await create(tools), await create(tools)]
  const payments = createSlowPayments(tools)
  for (let i = 0; i < hiccups; i++) {
    payments.slowDown()
    await sendQuotes(tools, instances, payments.respond, hiccupMs)
    payments.heal()
    await sendQuotes(tools, instances, payments.respond, 1_500)
  }
  return await completeAgain(tools, instances, payments, `${hiccups} hiccups of ${hiccupMs} ms`)
}

/** An hour, with a burst of customers every 20 s. Each request fails at once, and no circuit breaker stays open for that long. */
async function recoversFromFailures(tools: ProbeTools<AskPayments>): Promise<Breach | undefined> {
  const instances = [await create(tools), await create(tools)]
  const refuse: Ask<void> = async () => {
    throw new Error('payments returned 503: too many requests')
  }
  for (let i = 0; i < 180; i++) {
    await sendAtOnce(tools, instances, refuse, 8)
    await tools.pass(20_000)
  }
  const payments = createSlowPayments(tools)
  return await completeAgain(tools, instances, payments, 'an hour in which each request failed')
}

/** An hour of customers, 8,000 of them: a few at once. What is saved in that time must not cause a storm. */
async function recoversAfterUptime(tools: ProbeTools<AskPayments>): Promise<Breach | undefined> {
  const instances = [await create(tools), await create(tools)]
  const succeed: Ask<void> = async () => undefined
  for (let i = 0; i < 200; i++) {
    await sendAtOnce(tools, instances, succeed, 40)
    await tools.pass(18_000)
  }
  const payments = createSlowPayments(tools)
  payments.slowDown()
  await sendQuotes(tools, instances, payments.respond, 1_400)
  payments.heal()
  return await completeAgain(tools, instances, payments, 'a hiccup of 1.4 s after an hour')
}

async function sendAtOnce(
  tools: ProbeTools<AskPayments>,
  instances: readonly ReturnType<AskPayments>[],
  request: Ask<void>,
  count: number,
): Promise<void> {
  const calls = Array.from({ length: count }, async (_, i) => await instances[i % 2]?.(request))
  await tools.call(async () => await Promise.allSettled(calls), 10_000)
}

async function completeAgain(
  tools: ProbeTools<AskPayments>,
  instances: readonly ReturnType<AskPayments>[],
  payments: SlowPayments,
  what: string,
): Promise<Breach | undefined> {
  await sendQuotes(tools, instances, payments.respond, soonMs)
  const { complete, all } = await sendQuotes(tools, instances, payments.respond, measuredMs)
  if (complete >= 0.9 * all) return undefined
  return {
    expected: `at least 90 % of ${all} quotes are complete, 5 to 8 s after ${what}`,
    actual: `${complete} of ${all} quotes were complete`,
  }
}

/** How long after the end of a slow phase quotes must be complete again, and for how long that is measured. */
const soonMs = 5_000
const measuredMs = 3_000

/** Two instances, with 10 quotes per second each, and payments as in the lab. */
async function recovers(
  tools: ProbeTools<AskPayments>,
  slowMs: number,
): Promise<Breach | undefined> {
  const instances = [await create(tools), await create(tools)]
  const payments = createSlowPayments(tools)
  for (const round of [1, 2]) {
    const quotes = async (forMs: number): Promise<{ complete: number; all: number }> =>
      await sendQuotes(tools, instances, payments.respond, forMs)
    await quotes(1_000)
    payments.slowDown()
    await quotes(slowMs)
    payments.heal()
    await quotes(soonMs)
    const { complete, all } = await quotes(measuredMs)
    if (complete >= 0.9 * all) continue
    return {
      expected: `at least 90 % of ${all} quotes are complete, 5 to 8 s after payments works again (time ${round})`,
      actual: `${complete} of ${all} quotes were complete`,
    }
  }
  return undefined
}

async function sendQuotes(
  tools: ProbeTools<AskPayments>,
  instances: readonly ReturnType<AskPayments>[],
  request: Ask<void>,
  forMs: number,
): Promise<{ complete: number; all: number }> {
  let complete = 0
  const all = Math.round(forMs / everyMs)
  await tools.call(async () => {
    for (let i = 0; i < all; i++) {
      instances[i % 2]?.(request).then(
        () => (complete += 1),
        () => undefined,
      )
      await tools.sleep(everyMs)
    }
  }, 2 * forMs)
  return { complete, all }
}
