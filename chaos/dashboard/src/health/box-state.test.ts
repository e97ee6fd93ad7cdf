import { expect, test } from 'vitest'

import type { InstanceState } from '../../../contracts/runtime.ts'
import { boxState } from './box-state.ts'

const restart = { kind: 'restart', targets: ['api-1'] }
const crash = { kind: 'crash', targets: ['api-1'] }

test.each([
  ['ready', true, [], ''],
  ['ready', false, [], 'unsure'],
  ['exited', false, [crash], 'unsure'],
  ['unready', true, [], 'unready'],
  ['paused', true, [], 'paused'],
  ['starting', true, [], 'unready'],
  ['starting', true, [restart], 'planned'],
  ['absent', true, [], 'planned'],
  ['absent', true, [restart], 'planned'],
  ['exited', true, [restart], 'planned'],
  ['exited', true, [crash], 'dead'],
  ['exited', true, [], 'dead'],
  ['exited', true, [{ kind: 'restart', targets: ['api-2'] }], 'dead'],
] as const)('%s, known %s, %j: %s', (state, known, faults, look) => {
  expect(boxState({ name: 'api-1', state, restarts: 0 }, known, faults).look).toBe(look)
})

test('no state of a process claims that its requests succeed', () => {
  const states: readonly InstanceState[] = [
    'absent',
    'starting',
    'ready',
    'unready',
    'paused',
    'exited',
  ]
  for (const state of states)
    expect(boxState({ name: 'a', state, restarts: 2 }, true, []).text).not.toMatch(
      /ok|healthy|fine/,
    )
  expect(boxState(undefined, false, []).text).toBe('…')
})
