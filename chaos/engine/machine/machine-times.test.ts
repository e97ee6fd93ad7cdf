import { expect, test } from 'vitest'

import { machineTimes, pressureMs, processorLimit, throttledMs } from './machine-times.ts'
import type { ReadFile } from './machine-times.ts'

const of =
  (files: Readonly<Record<string, string>>): ReadFile =>
  (path) =>
    files[path]

const stat = `cpu  60 0 0 40 0 0 0 0 0 0
cpu0 10 0 0 10 0 0 0 0 0 0
cpu1 20 0 0 10 0 0 0 5 0 0
cpu12 30 0 0 20 0 0 0 0 0 0
intr 1 2 3`

test('only the processors that this process may use count', () => {
  const status = 'Name:\tnode\nCpus_allowed:\t1002\nCpus_allowed_list:\t1,12-12\n'
  expect(machineTimes(of({ '/proc/stat': stat, '/proc/self/status': status }))).toEqual({
    busy: 55,
    total: 85,
    processors: 2,
  })
  expect(machineTimes(of({ '/proc/stat': stat }))).toEqual({ busy: 60, total: 100, processors: 3 })
  expect(machineTimes(of({}))).toBeUndefined()
})

test('limits and throttling of both versions of control groups', () => {
  const group = '/sys/fs/cgroup'
  expect(processorLimit(of({ [`${group}/cpu.max`]: '150000 100000\n' }))).toBe(1.5)
  expect(processorLimit(of({ [`${group}/cpu.max`]: 'max 100000\n' }))).toBeUndefined()
  const version1 = (quota: string): ReadFile =>
    of({
      [`${group}/cpu/cpu.cfs_quota_us`]: `${quota}\n`,
      [`${group}/cpu/cpu.cfs_period_us`]: '100000\n',
      [`${group}/cpu/cpu.stat`]: 'nr_periods 3\nthrottled_time 250000000\n',
    })
  expect(processorLimit(version1('50000'))).toBe(0.5)
  expect(processorLimit(version1('-1'))).toBeUndefined()
  expect(processorLimit(of({}))).toBeUndefined()
  expect(throttledMs(version1('50000'))).toBe(250)
  expect(throttledMs(of({}))).toBeUndefined()
})

test('the pressure is that of some program, in milliseconds', () => {
  const text = 'some avg10=23.98 avg60=32.60 avg300=27.92 total=16934632\nfull avg10=0.00 total=7\n'
  expect(pressureMs(of({ '/proc/pressure/cpu': text }))).toBeCloseTo(16_934.632)
  expect(pressureMs(of({}))).toBeUndefined()
})
