import { expect, test } from 'vitest'

import type { Topology } from '#chaos/contracts/topology.ts'

import { flowOfFile } from './flow-of-file.ts'

const topology: Topology = {
  instances: [
    { name: 'web-1', service: 'web', portOffset: 1 },
    { name: 'worker', service: 'worker', portOffset: 2 },
  ],
  stores: [],
  links: [
    { name: 'client:web-1', caller: 'client', callee: 'web-1', protocol: 'http', portOffset: 3 },
  ],
}
const requests = [{ send: 'POST /orders', body: { id: '{{id}}' } }]

test.each(['web', 'web-1', undefined])('to: %s is a service that receives requests', (to) => {
  const file = to === undefined ? { requests } : { requests, to }
  expect(flowOfFile(file, { topology }).start).toMatchObject(to === undefined ? {} : { to })
})

test.each(['worker', 'bank'])('to: %s is rejected, with the services that there are', (to) => {
  expect(() => flowOfFile({ requests, to }, { topology })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(to),
      remedy: expect.stringMatching(/web[^]*unhappy adopt/),
    }),
  )
})
