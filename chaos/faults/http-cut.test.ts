import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { httpCut } from './http-cut.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { method: 'POST', route: '/charges', nth: 2, afterBytes: 10, reset: true },
  targets: ['worker-1:payments'],
}

describeFault(httpCut, example)

test('http-cut tells the toxic which response it cuts, and where', async () => {
  const world = createWorld()
  await httpCut.inject(requestOf(example), world.context)
  const attributes = { method: 'POST', route: '/charges', nth: 2, after_bytes: 10, reset: true }
  expect(world.links.toxics.get('worker-1:payments')).toMatchObject([
    { type: 'http_cut', attributes },
  ])
})

test('http-cut refuses a link that does not carry HTTP', async () => {
  const request = requestOf({ params: {}, targets: ['api-1:redis'] })
  await expect(httpCut.inject(request, createWorld().context)).rejects.toThrow(InputError)
})
