import { expect, test } from 'vitest'

import type { LinkStatus } from '#chaos/contracts/links.ts'

import { createFakeSandbox } from './testing/fake-sandbox.ts'
import { gaugesIn, watchHealth } from './watch-health.ts'

test('while a page watches, exchanges are counted and gauges read; afterwards neither', async () => {
  const { sandbox, clock, links } = await createFakeSandbox()
  await using _sandbox = sandbox
  const taps: (readonly [number, boolean | undefined])[] = []
  links.list = async () => [{ name: 'client:api-1' }, { name: 'api-1:redis' }] as LinkStatus[]
  let open = 0
  links.tap = async (names, { counts }) => {
    taps.push([names.length, counts])
    open += names.length === 0 ? 0 : 1
    return { [Symbol.asyncDispose]: async () => void (open = 0) }
  }
  const read: string[] = []
  const watch = watchHealth(sandbox, async (url) => {
    read.push(url)
    if (read.length % 2 === 0) throw new Error('paused')
    return 'database_waiting 7\ndatabase_connections 10\n'
  })
  await clock.advance(4_000)
  expect(taps.every(([names, counts]) => names === 2 && counts === true)).toBe(true)
  expect(taps.length).toBeGreaterThanOrEqual(2)
  expect(open).toBeGreaterThan(0)
  const instances = sandbox.observed.instances ?? []
  expect(instances.map(({ gauges }) => Object.values(gauges))).toContainEqual([7])
  expect(instances.length).toBeLessThan(read.length)
  await watch[Symbol.asyncDispose]()
  expect(open).toBe(0)
  expect(sandbox.observed).toEqual({})
})

test('gauges without labels are found by their names; others are left out', () => {
  const text = [
    '# HELP database_waiting Requests waiting for a connection',
    '# TYPE database_waiting gauge',
    'database_waiting 12',
    'http_requests{route="/"} 4',
    'event_loop_lag 1.5e+3',
  ].join('\n')
  expect(
    gaugesIn(text, [
      { metric: 'database_waiting', text: 'waiting for the pool' },
      { metric: 'event_loop_lag', text: 'lag' },
      { metric: 'http_requests', text: 'requests' },
    ]),
  ).toEqual({ 'waiting for the pool': 12, lag: 1_500 })
})
