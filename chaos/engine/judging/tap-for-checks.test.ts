import { expect, test } from 'vitest'

import type { LinkControl } from '#chaos/contracts/links.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { tapForChecks } from './tap-for-checks.ts'

const scenario = (check: string) =>
  parseScenario(
    `title: t\nsteadyState: 1s\nworkload: { browse: 1/s, duration: 6s }\nexpect:\n  - ${check}\n`,
    { file: 't', system },
  )

/** The links that a run with this check taps, and for how long. */
async function taps(check: string) {
  const found: { readonly links: readonly string[]; readonly expiresInMs: number }[] = []
  const tap: LinkControl['tap'] = async (links, { expiresInMs }) => {
    found.push({ links, expiresInMs })
    return { async [Symbol.asyncDispose]() {} }
  }
  await tapForChecks({ system, links: { tap } as LinkControl }, scenario(check))
  return found
}

test('the links of a check are tapped for longer than the load', async () => {
  const [tap, ...more] = await taps(
    "amplification: { atMost: 1, link: 'api-*:postgres', per: browse }",
  )
  expect(more).toEqual([])
  expect(tap?.links).toEqual(['api-1:postgres', 'api-2:postgres'])
  expect(tap?.expiresInMs).toBeGreaterThan(7_000)
})

test.each(['amplification: { atMost: 1 }', 'no-lost-orders'])('%s taps no link', async (check) => {
  expect(await taps(check)).toEqual([])
})
