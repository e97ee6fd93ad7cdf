import { expect, test, vi } from 'vitest'

import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { tapForChecks } from './tap-for-checks.ts'

const scenario = (check: string) =>
  parseScenario(
    `title: t\nsteadyState: 1s\nworkload: { browse: 1/s, duration: 6s }\nexpect:\n  - ${check}\n`,
    { file: 't', system },
  )

test.each([
  [
    "amplification: { atMost: 1, link: 'api-*:postgres', per: browse }",
    ['api-1:postgres', 'api-2:postgres'],
  ],
  ['amplification: { atMost: 1 }', undefined],
  ['no-lost-orders', undefined],
])('%s taps %j', async (check, expected) => {
  const tap = vi.fn(async () => ({ async [Symbol.asyncDispose]() {} }))
  await tapForChecks({ system, links: { tap } as never }, scenario(check))
  expect(tap.mock.calls.map(([names]: readonly unknown[]) => names)).toEqual(
    expected === undefined ? [] : [expected],
  )
  const [, lease] = (tap.mock.calls[0] ?? []) as readonly unknown[]
  if (expected !== undefined)
    expect((lease as { readonly expiresInMs: number }).expiresInMs).toBeGreaterThan(7_000)
})
