import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { startFailure } from './start-failure.ts'

test('status 78 is an input error with the output of the service, without JSON lines', () => {
  const log = ['{"level":30,"msg":"up"}', 'api: place-order.ts does not run: SyntaxError']
  const error = startFailure('api-1', { code: 78, signal: null }, log)
  expect(error).toBeInstanceOf(InputError)
  expect(error.lastLine).toBe(log[1])
  expect(error.message).toMatch(/^api-1 .*\. api: place-order\.ts does not run: SyntaxError$/)
})

test('any other status is an error with the message, without stack frames', () => {
  const log = ['Error: no', '    at main (file:///a.ts:1:1)', '', 'Node.js v24.11.1']
  const error = startFailure('api-1', { code: 1, signal: null }, log)
  expect(error).not.toBeInstanceOf(InputError)
  expect(error.message).toMatch(/^api-1 .*status 1.*\. Error: no$/)
})

test('an instance that was killed is an error with the signal, even without a log', () => {
  const error = startFailure('api-1', { code: null, signal: 'SIGSEGV' }, [])
  expect(error.message).toMatch(/^api-1 .*SIGSEGV.*no log/)
  expect(error.lastLine).toContain('SIGSEGV')
})
