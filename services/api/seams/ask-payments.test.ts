import { expect, test, vi } from 'vitest'

import { askPayments } from './ask-payments.ts'

const limits = {
  attemptsMax: 3,
  attemptTimeoutMs: 500,
  deadlineMs: 1_200,
  backoffMs: 100,
  backoffMaxMs: 1_000,
}

/** A clock that advances with each sleep and each request. */
function createAsker(askMs: number) {
  let nowMs = 0
  const sleep = vi.fn<(milliseconds: number) => Promise<void>>(async (milliseconds) => {
    nowMs += milliseconds
  })
  const ask = askPayments(limits, { now: () => nowMs, sleep, random: () => 1 })
  const fail = vi.fn<() => Promise<string>>(async () => {
    nowMs += askMs
    throw new Error('no answer')
  })
  return { ask, fail, sleep }
}

test('retries with a doubling pause and throws the last error', async () => {
  const { ask, fail, sleep } = createAsker(10)
  await expect(ask(fail)).rejects.toThrow('no answer')
  expect(fail).toHaveBeenCalledTimes(3)
  expect(sleep.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([100, 200])
})

test('gives up when the next attempt would exceed the deadline', async () => {
  const { ask, fail } = createAsker(600)
  await expect(ask(fail)).rejects.toThrow('no answer')
  expect(fail).toHaveBeenCalledTimes(2)
})

test('a response ends the attempts', async () => {
  const { ask, fail } = createAsker(10)
  fail.mockImplementationOnce(async () => 'yes')
  expect(await ask(fail)).toBe('yes')
  expect(fail).toHaveBeenCalledOnce()
})

test('sends hardly any requests while none succeeds', async () => {
  const { ask, fail } = createAsker(1)
  for (let call = 0; call < 100; call++) await ask(fail).catch(() => {})
  expect(fail.mock.calls.length).toBeLessThan(20)
})

test('retries add little load when half of the calls fail', async () => {
  const { ask, fail } = createAsker(1)
  let calls = 0
  const half = async (): Promise<string> => {
    calls += 1
    return calls % 2 === 0 ? 'yes' : await fail()
  }
  for (let call = 0; call < 200; call++) await ask(half).catch(() => {})
  expect(calls).toBeLessThan(240)
})
