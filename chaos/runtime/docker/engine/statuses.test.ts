import { expect, it } from 'vitest'

import { exitOf } from './exit-of.ts'
import { containerState } from './statuses.ts'

const calm = { wasReady: true, stoppedOnPurpose: false }
const state = (status: string, more: object = {}) => ({
  State: { Status: status, Running: status === 'running', Paused: false, ...more } as never,
})

it.each([
  ['starting', state('running'), { ...calm, wasReady: false }, false],
  ['ready', state('running'), calm, true],
  ['unready', state('running'), calm, false],
  ['paused', state('running', { Paused: true }), calm, false],
  ['exited', state('exited'), calm, false],
  ['absent', state('exited'), { ...calm, stoppedOnPurpose: true }, false],
  ['absent', state('created'), calm, false],
] as const)('reports "%s"', (expected, inspection, memory, answers) => {
  expect(containerState(inspection, memory, answers)).toBe(expected)
})

it('reads the signal from an exit code', () => {
  expect(exitOf(137)).toEqual({ code: null, signal: 'SIGKILL' })
  expect(exitOf(143)).toEqual({ code: null, signal: 'SIGTERM' })
  expect(exitOf(1)).toEqual({ code: 1, signal: null })
  expect(exitOf(255)).toEqual({ code: 255, signal: null })
})
