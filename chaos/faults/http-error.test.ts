import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { httpError } from './http-error.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { rate: 0.3, method: 'POST', route: '/charges', status: 500, body: 'no' },
  targets: ['worker-1:payments', 'worker-2:payments'],
}

describeFault(httpError, example)

test('http-error puts one toxic on each link, with the attributes of the request', async () => {
  const world = createWorld()
  await httpError.inject(requestOf(example), world.context)
  for (const link of example.targets)
    expect(world.links.toxics.get(link)).toMatchObject([
      { type: 'http_error', stream: 'upstream', attributes: example.params },
    ])
})

test('http-error refuses a link that does not carry HTTP', async () => {
  const world = createWorld()
  const request = requestOf({ params: {}, targets: ['api-1:redis'] })
  const injecting = httpError.inject(request, world.context)
  await expect(injecting).rejects.toThrow(InputError)
  await expect(injecting).rejects.toThrow(/api-1:redis/)
})
