import { expect, test } from 'vitest'

import { createRandom } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createInspectorContext } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { httpError } from './http-error.ts'

const request = 'POST /charges HTTP/1.1\r\nhost: payments\r\ncontent-length: 2\r\n\r\n{}'
const done = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone'

/** Sends requests one after the other through the toxic; returns `H` for each that the toxic answered, `.` for the others. */
function hits(rate: number, requests: number, random: Random): string {
  const connection = new FakePlane({ web: 'http' }).connect('web')
  connection.inspector = httpError.inspector?.(connection, {
    ...createInspectorContext(),
    attributes: { rate, method: '*', route: '*', status: 500, body: 'no' },
    random,
  })
  const seen: string[] = []
  for (let i = 0; i < requests; i++) {
    for (const passed of Object.values(connection.passed)) passed.length = 0
    connection.ask(request)
    const reached = connection.text('upstream') === request
    if (reached) connection.answer(done)
    const status = /^HTTP\/1.1 (\d+)/.exec(connection.text('downstream'))?.[1]
    if (reached && status === '200') seen.push('.')
    else if (!reached && status === '500') seen.push('H')
    else
      throw new Error(
        `request ${i}: ${reached ? 'reached' : 'did not reach'} the callee, and ${status}`,
      )
  }
  return seen.join('')
}

test.each([0.1, 0.3, 0.75])('rate %f hits that share of the requests', (rate) => {
  const seen = hits(rate, 3_000, createRandom(7))
  expect(seen).toHaveLength(3_000)
  // Four standard deviations of 3000 draws are below 0.035.
  expect(Math.abs(seen.replaceAll('.', '').length / 3_000 - rate)).toBeLessThan(0.035)
})

test('each request has its own draw, and a draw below the rate is a hit', () => {
  const draws = [0, 0.299, 0.3, 0.9, 0.1]
  const scripted = { ...createRandom(1), next: () => draws.shift() ?? Number.NaN }
  expect(hits(0.3, 5, scripted)).toBe('HH..H')
})

test('rate 0 hits no request, 1 hits every request', () => {
  expect(hits(0, 100, createRandom(7))).toBe('.'.repeat(100))
  expect(hits(1, 100, createRandom(7))).toBe('H'.repeat(100))
})
