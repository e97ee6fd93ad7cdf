import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { sendRequests } from './send-requests.ts'

/** Sends a flow of requests to a server that answers these paths with an error. */
async function sendTo(failing: readonly string[], skip?: number) {
  const received: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    received.push(path)
    response.writeHead(failing.includes(path) ? 500 : 201).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const requests = ['/sign-up', '/log-in', '/order'].map((path) => ({
    method: 'POST' as const,
    path,
  }))
  const ack = await sendRequests({
    start: { requests: () => requests },
    key: 'k',
    entries: [{ instance: 'web', url }],
    timeoutMs: 5_000,
    clock: systemClock,
    ...(skip === undefined ? {} : { skip }),
  })
  server.close()
  await once(server, 'close')
  return { received, outcome: ack.outcome, succeeded: ack.succeeded }
}

test('a retry begins with the first request that had no success response', async () => {
  const first = await sendTo(['/log-in'])
  expect(first).toEqual({
    received: ['/sign-up', '/log-in', '/order'],
    outcome: 'unknown',
    succeeded: 1,
  })
  const again = await sendTo([], first.succeeded)
  expect(again).toEqual({ received: ['/log-in', '/order'], outcome: 'ok', succeeded: 3 })
})

test('without a failure, no request is left for a retry', async () => {
  expect(await sendTo([])).toMatchObject({ outcome: 'ok', succeeded: 3 })
})
