import { expect, test } from 'vitest'

import { generalChecks } from '#chaos/checks/general-checks.ts'
import type { System } from '#chaos/contracts/system.ts'
import { system as shop } from '#chaos/system.ts'

import { parseScenario } from './parse-scenario.ts'

const operations = [{ kind: 'write', noun: 'record', changes: true as const }]

/** Another system: one operation, no keys and no checks of its own. */
const journal: System = {
  ...shop,
  name: 'journal',
  operations,
  workload: { plan: () => ({ operations: [], start: () => undefined }) },
  checks: generalChecks({ name: 'journal', operations }),
  flows: {},
}

const parse = (workload: string, expected: string) =>
  parseScenario(`title: t\nworkload: ${workload}\nexpect:\n  - ${expected}\n`, {
    file: 'a.yaml',
    system: journal,
  })

test('the rates of a scenario are those of the operations of its system', () => {
  const { workload } = parse('{ write: 3/s, duration: 2s }', 'leaves-in-time')
  expect(workload).toMatchObject({ rates: { write: 3 }, durationMs: 2_000 })
})

test.each([
  ['{ orders: 3/s, duration: 2s }', 'leaves-in-time', /orders/],
  ['{ write: 3/s, duration: 2s, skus: { tea: 1 } }', 'leaves-in-time', /skus/],
  ['{ write: 3/s, duration: 2s }', 'no-lost-orders', /no-lost-orders/],
  ['{ write: 3/s, duration: 2s }', 'availability: { of: browse, atLeast: 1 }', /write/],
])('%s with %s has a word of another system', (workload, expected, message) => {
  expect(() => parse(workload, expected)).toThrow(message)
})

test('without a rate, the error names the rates of the system', () => {
  expect(() => parse('{ duration: 2s }', 'leaves-in-time')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('write') as string }),
  )
})
