import { expect, test } from 'vitest'

import { withRunTime } from '../../../engine/recording/recording.ts'
import { runLogLines, runLogLinesMax } from './run-log-lines.ts'

test('a line has the time with which the run folder has it', () => {
  const lines = [
    withRunTime('{"level":"error","msg":"no connection"}', 2_504.1),
    '    at a stack frame',
    withRunTime('FATAL: terminating', 3_000),
    withRunTime('starts', -1_250),
  ]
  expect(runLogLines(`${lines.join('\n')}\n`)).toEqual([
    { number: 0, ms: 2_504.1, level: 'error', text: 'no connection' },
    { number: 1, ms: 2_504.1, level: null, text: '    at a stack frame' },
    { number: 2, ms: 3_000, level: null, text: 'FATAL: terminating' },
    { number: 3, ms: -1_250, level: null, text: 'starts' },
  ])
})

test('a huge log is bounded: the last lines stay, with their numbers', () => {
  const text = Array.from({ length: runLogLinesMax + 5 }, (_, i) => `line ${i}\n`).join('')
  const lines = runLogLines(text)
  expect(lines).toHaveLength(runLogLinesMax)
  expect(lines[0]).toMatchObject({ number: 5, text: 'line 5' })
  expect(runLogLines('')).toEqual([])
})
