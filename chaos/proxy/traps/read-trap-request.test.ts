import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { readTrapRequest } from './read-trap-request.ts'

const request = {
  id: 'a',
  links: ['api-1:postgres'],
  exchange: 'COMMIT',
  phase: 'after',
  expiresInMs: 1_000,
}

test('a request without nth and then is for the first match and only reports', () => {
  expect(readTrapRequest(request)).toEqual({ ...request, nth: 1, then: { do: 'deliver' } })
})

test('every field of a request is read', () => {
  const full = {
    ...request,
    nth: 3,
    transaction: 'o-1-000001',
    then: { do: 'delay', delayMs: 20 },
    afterExchange: { links: ['a:b'], exchange: 'GET *', transaction: 'o-1-000001' },
  }
  expect(readTrapRequest(full)).toEqual(full)
})

test.each([
  ['links', []],
  ['links', 'api-1:postgres'],
  ['exchange', ''],
  ['nth', 0],
  ['phase', 'during'],
  ['then', { do: 'explode' }],
  ['then', { do: 'delay' }],
  ['expiresInMs', 600_001],
  ['afterExchange', { links: ['a:b'] }],
])('a wrong %s (%j) is refused with its name', (name, value) => {
  expect(() => readTrapRequest({ ...request, [name]: value })).toThrow(InputError)
})
