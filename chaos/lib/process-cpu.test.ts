import { expect, test } from 'vitest'

import { cpuMsOf, processCpuMs } from './process-cpu.ts'

test('reads the processor time of a process; nothing is known about one that is gone', async () => {
  expect(await processCpuMs(process.pid)).toBeGreaterThan(0)
  expect(await processCpuMs(2 ** 22 + 1)).toBeUndefined()
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
