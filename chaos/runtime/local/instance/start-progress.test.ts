import { expect, test } from 'vitest'

import { cpuMsOf, readStartProgress } from './start-progress.ts'

test('reads the processor time of a process', async () => {
  const { cpuMs, outputBytes } = await readStartProgress(process.pid, '/nowhere')
  expect(cpuMs).toBeGreaterThan(0)
  expect(outputBytes).toBeUndefined()
})

test('nothing is known about a process that is gone', async () => {
  expect(await readStartProgress(2 ** 22 + 1, '/nowhere')).toEqual({})
})

test.each([
  ['  0:03.25\n', 3_250],
  ['12:00', 720_000],
  ['01:02:03', 3_723_000],
  ['2-00:00:01', 172_801_000],
  ['', undefined],
])('%j of ps', (text, ms) => {
  expect(cpuMsOf(text)).toBe(ms)
})
