import type { Breach } from '#chaos/contracts/probe-report.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { Ask, AskLimits, AskPayments } from '#services/api/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, ContractProbe, ProbeTools } from '../contract-probe.ts'

type Tools = ProbeTools<AskPayments>
type AskOnce = ReturnType<AskPayments>

const deadline =
  'A call ends within `deadlineMs`: all its attempts and the pauses between them together (`PAYMENTS_DEADLINE_MS`, 1.2 s).'
const attempt =
  'An attempt ends after `attemptTimeoutMs` at the latest, and a call makes at most `attemptsMax`.'
const ownResponse =
  'Each call receives the response to its own request. A call without a response rejects.'
const everySent =
  'While payments works, every call is sent, even if a single request fails now and then.'

/** As in the lab, and as in the shop. */
const limitSets: readonly AskLimits[] = [
  {
    attemptsMax: 4,
    attemptTimeoutMs: 350,
    deadlineMs: 1_200,
    backoffMs: 100,
    backoffMaxMs: 1_000,
  },
  {
    attemptsMax: 3,
    attemptTimeoutMs: 500,
    deadlineMs: 1_200,
    backoffMs: 100,
    backoffMaxMs: 1_000,
  },
]

/** The limits of one call, and what it does while payments works. */
export const askPaymentsCalls: readonly ContractProbe<AskPayments>[] = [
  {
    name: 'every call ends within its deadline, however its attempts end',
    promise: deadline,
    run: async (tools) => await firstBreach(tools, judgeDeadline),
  },
  {
    name: 'no call exceeds the limits of its attempts, however they end',
    promise: attempt,
    run: async (tools) => await firstBreach(tools, judgeAttempts),
  },
  {
    name: 'a call returns its own response or rejects, however its attempts end',
    promise: ownResponse,
    run: async (tools) => await firstBreach(tools, judgeResponse),
  },
  {
    name: 'in a long time with single failures, every call is sent',
    promise: everySent,
    run: async (tools) => await singleFailures(tools),
  },
]

/** What happens to an attempt: no response, or an error or a response after some milliseconds. */
type Fate = 'silent' | { readonly error: number } | { readonly response: number }

interface Attempt {
  readonly beganMs: number
  /** When the request ended or was aborted. */
  endedMs?: number
}

interface Call {
  readonly limits: AskLimits
  readonly fates: readonly Fate[]
  readonly attempts: readonly Attempt[]
  readonly beganMs: number
  readonly end: CallEnd<number>
  /** The response to the request of this call. */
  readonly response: number
}

type Judge = (call: Call) => Breach | undefined

const fatesPossible: readonly Fate[] = [
  'silent',
  { error: 5 },
  { error: 200 },
  { error: 340 },
  { response: 60 },
  { response: 330 },
]
const mixedCalls = 30

/** Each fate for all attempts of a new instance. Then mixed ones, with a rest between the calls. */
async function firstBreach(tools: Tools, judge: Judge): Promise<Breach | undefined> {
  for (const limits of limitSets) {
    const random = createRandom(3)
    for (const fate of fatesPossible) {
      const breach = judge(await callOnce(tools, await create(tools, limits), limits, [fate], 0))
      if (breach !== undefined) return breach
    }
    const ask = await create(tools, limits)
    for (let i = 0; i < mixedCalls; i++) {
      const fates = Array.from(
        { length: limits.attemptsMax },
        () => fatesPossible[Math.floor(random.next() * fatesPossible.length)] ?? 'silent',
      )
      const breach = judge(await callOnce(tools, ask, limits, fates, i))
      if (breach !== undefined) return breach
      await rest(tools, ask, limits)
    }
  }
  return undefined
}

async function create(tools: Tools, limits: AskLimits): Promise<AskOnce> {
  const random = createRandom(1)
  const { now, sleep } = tools
  return (await tools.load())(limits, { now, sleep, random: () => random.next() })
}

/** Payments works for a while: circuit breakers close, and budgets are full again. */
async function rest(tools: Tools, ask: AskOnce, limits: AskLimits): Promise<void> {
  await tools.pass(5_000)
  for (let i = 0; i < 12; i++) await callOnce(tools, ask, limits, [{ response: 0 }], i)
}

const callMaxMs = 10_000

/** The last fate is that of all later attempts. */
async function callOnce(
  tools: Tools,
  ask: AskOnce,
  limits: AskLimits,
  fates: readonly Fate[],
  response: number,
): Promise<Call> {
  const attempts: Attempt[] = []
  const request: Ask<number> = async (signal) => {
    const one: Attempt = { beganMs: tools.now() }
    const fate = fates[Math.min(attempts.length, fates.length - 1)] ?? 'silent'
    attempts.push(one)
    try {
      return await attemptOf(tools, fate, signal, response)
    } finally {
      one.endedMs = tools.now()
    }
  }
  const beganMs = tools.now()
  const end = await tools.call(async () => await ask(request), callMaxMs)
  // An attempt that nothing aborts is still in flight.
  if (attempts.some(({ endedMs }) => endedMs === undefined)) await tools.pass(callMaxMs)
  return { limits, fates, attempts, beganMs, end, response }
}

async function attemptOf<T>(
  { sleep }: Tools,
  fate: Fate,
  signal: AbortSignal,
  response: T,
): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
  })
  if (fate === 'silent') return await aborted
  const work = async (): Promise<T> => {
    if ('response' in fate) {
      await sleep(fate.response)
      return response
    }
    await sleep(fate.error)
    throw new Error('payments returned 503: too many requests')
  }
  return await Promise.race([work(), aborted])
}

/** Timers are in whole milliseconds, and some code rounds. */
const tolerated = 1.05

function judgeDeadline({ limits, fates, attempts, beganMs, end }: Call): Breach | undefined {
  const lastMs = Math.max(0, ...attempts.map(({ endedMs }) => (endedMs ?? Infinity) - beganMs))
  const tookMs = end.how === 'never' ? Infinity : Math.max(end.afterMs, lastMs)
  if (tookMs <= tolerated * limits.deadlineMs) return undefined
  return {
    expected: `the end within ${limits.deadlineMs} ms; attempts: ${fatesInWords(fates)}`,
    actual:
      tookMs === Infinity
        ? `no end within ${callMaxMs / 1_000} s`
        : `the end after ${Math.round(tookMs)} ms, in attempt ${attempts.length}`,
  }
}

function judgeAttempts({ limits, fates, attempts }: Call): Breach | undefined {
  const { attemptsMax, attemptTimeoutMs } = limits
  if (attempts.length > attemptsMax)
    return {
      expected: `at most ${attemptsMax} attempts`,
      actual: `${attempts.length} attempts: ${fatesInWords(fates)}`,
    }
  const times = attempts.map(({ beganMs, endedMs }) => (endedMs ?? Infinity) - beganMs)
  const longestMs = Math.max(0, ...times)
  if (longestMs <= tolerated * attemptTimeoutMs) return undefined
  return {
    expected: `an attempt ends within ${attemptTimeoutMs} ms: its signal is aborted`,
    actual:
      longestMs === Infinity
        ? `an attempt was not aborted within ${callMaxMs / 1_000} s`
        : `an attempt lasted ${Math.round(longestMs)} ms`,
  }
}

function judgeResponse({ fates, end, response }: Call): Breach | undefined {
  const isHopeless = fates.every((fate) => fate === 'silent' || 'error' in fate)
  if (end.how !== 'returned') return undefined
  if (!isHopeless && end.value === response) return undefined
  return {
    expected: isHopeless ? 'a rejection: no attempt gets a response' : inWords(response),
    actual: endInWords(end),
  }
}

function fatesInWords(fates: readonly Fate[]): string {
  return fates
    .map((fate) => {
      if (fate === 'silent') return fate
      return 'error' in fate ? `error after ${fate.error} ms` : `response after ${fate.response} ms`
    })
    .join(', ')
}

/** As at one of the two instances of the lab. */
const everyMs = 100
const responseMs = 90
const longCalls = 800
/** One request of so many is lost, or gets an error. */
const failsEvery = 20
const outageMs = 3_000

/** Long times without an outage, and one outage between them. */
async function singleFailures(tools: Tools): Promise<Breach | undefined> {
  const [limits] = limitSets
  if (limits === undefined) return undefined
  const ask = await create(tools, limits)
  const before = await sendAll(tools, ask, longCalls, failsEvery)
  await sendAll(tools, ask, outageMs / everyMs, 1)
  // Time to find out that payments works again.
  await sendAll(tools, ask, 10_000 / everyMs, Infinity)
  const after = await sendAll(tools, ask, longCalls / 4, failsEvery)
  const unsent = before > 0 ? before : after
  if (unsent === 0) return undefined
  return {
    expected: `every call is sent, while 1 of ${failsEvery} requests fails`,
    actual: `${unsent} of ${before > 0 ? longCalls : longCalls / 4} calls were not sent${before > 0 ? '' : ', 10 s after an outage'}`,
  }
}

/** How many calls made no attempt. */
async function sendAll(
  tools: Tools,
  ask: AskOnce,
  calls: number,
  failsOneOf: number,
): Promise<number> {
  let unsent = 0
  const send = (i: number): void => {
    let attempts = 0
    const fails = i % failsOneOf === failsOneOf - 1
    const fate: Fate = i % (2 * failsOneOf) < failsOneOf ? 'silent' : { error: 20 }
    const request: Ask<number> = async (signal) => {
      attempts += 1
      // In an outage, repeated requests fail too.
      const isLost = fails && (attempts === 1 || failsOneOf === 1)
      return await attemptOf(tools, isLost ? fate : { response: responseMs }, signal, i)
    }
    const ended = (): void => void (unsent += attempts === 0 ? 1 : 0)
    ask(request).then(ended, ended)
  }
  await tools.call(
    async () => {
      for (let i = 0; i < calls; i++) {
        send(i)
        await tools.sleep(everyMs)
      }
      // The last calls end.
      await tools.sleep(2_000)
    },
    10 * calls * everyMs,
  )
  return unsent
}
