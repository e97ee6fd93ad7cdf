import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { startFailure } from './start-failure.ts'

let folder: string
let log: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'start-failure-'))
  log = path.join(folder, 'api-1.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('status 78 is the user’s to mend: the words of the service, without its log', async () => {
  writeFileSync(log, '{"level":30,"msg":"up"}\napi: place-order.ts does not run: SyntaxError\n')
  const error = await startFailure('api-1', log, { code: 78, signal: null })
  expect(error).toBeInstanceOf(InputError)
  expect(error.message).toBe(
    'api-1 cannot start with what it was given. api: place-order.ts does not run: SyntaxError',
  )
})

test('anything else is an error of the service: its message, without the frames', async () => {
  writeFileSync(log, 'Error: no\n    at main (file:///a.ts:1:1)\n\nNode.js v24.11.1\n')
  const error = await startFailure('api-1', log, { code: 1, signal: null })
  expect(error).not.toBeInstanceOf(InputError)
  expect(error.message).toBe('api-1 ended (status 1) before it was ready. Error: no')
})

test('one that was killed says by what, also when it left no log', async () => {
  const error = await startFailure('api-1', log, { code: null, signal: 'SIGSEGV' })
  expect(error.message).toBe('api-1 was killed by SIGSEGV before it was ready. It left no log.')
})
