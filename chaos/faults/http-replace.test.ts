import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { httpReplace } from './http-replace.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: {
    rate: 0.3,
    method: 'POST',
    route: '/charges',
    status: 429,
    headers: { 'retry-after': '2', etag: '' },
    merge: '{"id":null}',
  },
  targets: ['worker-1:payments', 'worker-2:payments'],
}

describeFault(httpReplace, example)

test('http-replace puts one toxic on each link; the headers are lines', async () => {
  const world = createWorld()
  await httpReplace.inject(requestOf(example), world.context)
  const attributes = { ...example.params, headers: 'retry-after: 2\netag: ' }
  for (const link of example.targets)
    expect(world.links.toxics.get(link)).toMatchObject([
      { type: 'http_replace', stream: 'downstream', attributes },
    ])
})

test.each([
  ['nothing to change', {}, /status, headers, body/],
  ['a body and a patch of it', { body: 'x', merge: '{}' }, /merge/],
  ['a patch that is not JSON', { merge: '{"id"' }, /not JSON/],
  ['a header that follows from the body', { headers: { 'Content-Length': '3' } }, /Content-Length/],
])('http-replace refuses %s', async (_name, params, words) => {
  const request = requestOf({ params, targets: ['worker-1:payments'] })
  const injecting = httpReplace.inject(request, createWorld().context)
  await expect(injecting).rejects.toThrow(InputError)
  const error = await injecting.catch((thrown: InputError) => thrown)
  expect(`${(error as InputError).message} ${(error as InputError).remedy}`).toMatch(words)
})

test('http-replace refuses a link that does not carry HTTP', async () => {
  const request = requestOf({ params: { status: 500 }, targets: ['api-1:redis'] })
  await expect(httpReplace.inject(request, createWorld().context)).rejects.toThrow(InputError)
})
