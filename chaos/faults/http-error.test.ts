import { expect, test } from 'vitest'

import { httpError } from './http-error.ts'
import { createWorld, describeFault, orderOf } from './testing/describe-fault.ts'

const example = {
  params: { rate: 0.3, method: 'POST', route: '/charges', status: 500, body: 'no' },
  targets: ['worker-1:payments', 'worker-2:payments'],
}

describeFault(httpError, example)

test('http-error is one toxic per link, with 503 for every request unless told otherwise', async () => {
  const world = createWorld()
  await httpError.inject(orderOf({ ...example, params: {} }), world.context)
  expect(world.links.toxics.get('worker-1:payments')).toMatchObject([
    {
      type: 'http_error',
      stream: 'upstream',
      attributes: { rate: 1, method: '*', route: '*', status: 503, body: '' },
    },
  ])
})

test('http-error refuses a link that does not carry HTTP', async () => {
  const world = createWorld()
  const order = orderOf({ params: {}, targets: ['api-1:redis'] })
  await expect(httpError.inject(order, world.context)).rejects.toThrow(/api-1:redis does not/)
})
