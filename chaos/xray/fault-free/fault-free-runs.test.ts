import { expect, test } from 'vitest'

import type { Flow, FlowLesson } from '#chaos/contracts/system/flow.ts'

import type { XraySandbox } from '../xray-sandbox.ts'
import { runWithoutFaults } from './fault-free-runs.ts'

const runMs = 20_000

/** Each run takes 20 s. */
async function runs(budgetMs: number) {
  let nowMs = 5_000
  const clock = { now: () => nowMs, wallTimeMs: () => 0, sleep: async () => undefined }
  const begun: string[] = []
  const sandbox = {
    sandbox: { system: { topology: { links: [] } } },
    setup: { signal: new AbortController().signal },
    recorder: { clear: () => {}, exchanges: [] },
    warm: async () => {},
    observe: async () => {
      nowMs += runMs
      throw new Error('a run has ended')
    },
  }
  const onStatus = (text: string): void => void begun.push(text)
  const flow = { start: { requests: () => [] } } as unknown as Flow
  const options = { clock, budgetMs, onStatus }
  const ended = runWithoutFaults([sandbox as unknown as XraySandbox], flow, 0, options)
  const message = await ended.then(
    () => '',
    (error: Error) => error.message,
  )
  return { begun, message }
}

const topology = {
  links: [{ name: 'client:web', protocol: 'http', caller: 'client', callee: 'web' }],
  instances: [{ name: 'web', service: 'web' }],
  stores: [],
}

const exchange = {
  type: 'exchange',
  link: 'client:web',
  connection: 1,
  exchange: 1,
  signature: 'POST /notes',
  transaction: 'k',
  bytes: 1,
  atMs: 0,
} as const
/** One run without a fault. */
const observedRun = {
  key: 'k',
  startMs: 0,
  settledAfterMs: 10,
  doneAfterMs: 20,
  exchanges: [
    { event: { ...exchange, part: 'request' }, atMs: 0 },
    { event: { ...exchange, part: 'reply' }, atMs: 0 },
  ],
  ack: { outcome: 'ok', attempts: [] },
}

/** The results are those of the runs of the baseline. */
async function baselineOf(results: readonly string[], sign = '~') {
  const learnedBy = (runs: number): Flow =>
    ({
      ...unlearned,
      description: `learned from ${runs} runs`,
      learning: { learned: {} },
      judge: () => ({ result: results[judged++] ?? 'ok', violations: [], global: '', evidence }),
    }) as unknown as Flow
  const evidence = [{ sign, table: 'orders', text: 'appears: id: 1' }]
  let judged = 0
  const read = async (): Promise<string> => 'nothing'
  const unlearned = {
    start: { requests: () => [] },
    source: { open: () => ({ read, [Symbol.asyncDispose]: async () => {} }) },
    learning: {
      learn: ({ plain }: FlowLesson) => learnedBy(plain.length),
    },
  } as unknown as Flow
  const clock = { now: () => 0, wallTimeMs: () => 0, sleep: async () => undefined }
  const sandbox = {
    sandbox: { system: { topology }, runtime: { addresses: {} }, truth: {}, links: {} },
    setup: { signal: new AbortController().signal },
    recorder: { clear: () => {}, exchanges: [] },
    warm: async () => {},
    warmUpWith: () => {},
    observe: async () => observedRun,
  }
  const { flow } = await runWithoutFaults([sandbox as unknown as XraySandbox], unlearned, 0, {
    clock,
  })
  return flow.description
}

test('a run with rows or values that the lesson has not seen teaches the flow, too', async () => {
  expect(await baselineOf(['ok', 'more-rows', 'ok'])).toBe('learned from 5 runs')
  expect(await baselineOf(['torn', 'torn'])).toBe('learned from 6 runs')
})

test('a run without a row of the effect fails, and the error shows the row', async () => {
  await expect(baselineOf(['ok', 'torn'], '-')).rejects.toThrow(
    /^The flow fails without a fault, so no cell was run: torn[^]*- orders appears: id: 1/,
  )
  await expect(baselineOf(['stuck'])).rejects.toThrow('stuck')
})

test('each run is announced', async () => {
  expect(await runs(6_000)).toEqual({
    begun: ['Running the flow without faults: 1 of 3 ...'],
    message: 'a run has ended',
  })
})

test('no run begins after the budget', async () => {
  expect(await runs(5_000)).toEqual({
    begun: [],
    message: 'No cell ran: 0 of the 3 runs without a fault took 5s, the whole budget.',
  })
})
