import { expect, test } from 'vitest'

import { describeLogLine } from './describe-log-line.ts'

const frame = { time: '2026-11-22T15:28:05.870Z', instance: 'worker-1' }

test('a log line is its message and its fields, without time and instance', () => {
  const line = { level: 'warn', ...frame, jobId: 'o-1', attempt: 2, msg: 'tried again' }
  expect(describeLogLine(JSON.stringify(line))).toEqual({
    level: 'warn',
    text: 'tried again  jobId=o-1  attempt=2',
  })
})

test('an error is its message, its code and the first stack frame of the shop', () => {
  const stack = [
    'Error: timeout exceeded',
    '    at /shop/node_modules/pg-pool/index.js:45:11',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:103:5)',
    '    at async Object.quoteOrder (file:///shop/labs/slow-dependency/start/quote-order.ts:5:22)',
    '    at async handler (file:///shop/services/api/quotes.ts:9:1)',
  ].join('\n')
  const err = { type: 'Error', message: 'timeout exceeded', stack }
  expect(
    describeLogLine(JSON.stringify({ level: 'warn', ...frame, err, msg: 'no answer' })).text,
  ).toBe('no answer  timeout exceeded at quote-order.ts:5')
  const reset = { type: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' }
  const wrapped = { type: 'TypeError', message: 'fetch failed', cause: reset }
  expect(
    describeLogLine(JSON.stringify({ level: 'warn', ...frame, err: wrapped, msg: 'no' })).text,
  ).toBe('no  TypeError: fetch failed because: read ECONNRESET (ECONNRESET)')
})

test('a line that is not a JSON object stays as it is', () => {
  for (const text of ['2026-11-22 LOG:  checkpoint complete', '{ broken', '', '[1]'])
    expect(describeLogLine(text)).toEqual({ level: null, text })
})
