import { describe, expect, test } from 'vitest'

import type { Disturbance } from '#chaos/contracts/system/flow.ts'

import { generalised } from './generalise.ts'
import { judgeRun } from './judge-run.ts'
import { type DisturbedChanges, learnEffect } from './learn-effect.ts'
import type { Change, Row } from './snapshot.ts'

/** One run of a correct system: one shipment, and one row that says which process has handled the message. */
function runOf(n: number, further: { deliveries?: number; shipments?: number } = {}): Change[] {
  const id = `o-x-00000${n}`
  const { deliveries = 1, shipments = 1 } = further
  const row = (table: string, columns: Row): Change => ({ table, op: 'appears', row: columns })
  return [
    ...Array.from({ length: shipments }, (_, i) => row('shipments', { id: 10 * n + i, ref: id })),
    ...Array.from({ length: deliveries }, (_, i) => row('inbox', { id: 10 * n + i, ref: id })),
  ].map((change) => generalised(change, { id, instances: new Set() }))
}

function learned(disturbed: readonly DisturbedChanges[]) {
  return learnEffect({
    plain: [1, 2, 3].map((n) => runOf(n)),
    idle: [],
    disturbed,
    expiring: new Set(),
    unread: {},
    corrections: {},
  })
}

function resultOf(effect: ReturnType<typeof learned>, changes: readonly Change[]): string {
  const run = { effect, changes, outcome: 'ok', settled: true, falseStatements: [] } as const
  return judgeRun(run).result
}

test('without a disturbance, a second row of any table is a double effect', () => {
  expect(resultOf(learned([]), runOf(7, { deliveries: 2 }))).toBe('double-effect')
})

describe.each<[Disturbance, RegExp]>([
  ['same-id-twice', /same id is sent twice/],
  ['slow-replies', /replies are slow/],
  ['idle-restart', /idle process restarts/],
])('a further row that %s causes', (by, because) => {
  const effect = learned([{ by, changes: runOf(4, { deliveries: 2 }) }])

  test('is legal: yellow instead of red, and the effect says why', () => {
    expect(resultOf(effect, runOf(7, { deliveries: 3 }))).toBe('more-rows')
    const inbox = effect.groups.find(({ table }) => table === 'inbox')
    expect(inbox?.holds).toBe('many')
    expect(inbox?.because).toMatch(because)
  })

  test('does not make a second shipment legal', () => {
    expect(resultOf(effect, runOf(7, { deliveries: 2, shipments: 2 }))).toBe('double-effect')
  })

  test('teaches nothing when everything happens twice', () => {
    const all = learned([{ by, changes: runOf(4, { deliveries: 2, shipments: 2 }) }])
    expect(resultOf(all, runOf(7, { deliveries: 2 }))).toBe('double-effect')
    expect(all.idempotent).toBe(by !== 'same-id-twice')
  })
})
