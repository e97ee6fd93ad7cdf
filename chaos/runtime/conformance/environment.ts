import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { by } from './common.ts'
import type { Conformance } from './subject.ts'
import { stateOf } from './tools.ts'

/** What an instance is started with, and starts that do not come to an end. */
export function describeEnvironment({ runtime, subject }: Conformance): void {
  test('environment that a service refuses makes start fail with its words; the next one replaces it', async () => {
    await runtime().stop('api-1', { by, graceMs: 10_000 })
    const environment = subject.brokenEnvironment
    const refused = runtime().start('api-1', { by, environment })
    await expect(refused).rejects.toThrow(InputError)
    await expect(refused).rejects.toThrow(/api-1/)
    // Without an environment it starts as it did the last time.
    await expect(runtime().start('api-1', { by })).rejects.toThrow(InputError)
    await runtime().start('api-1', { by, environment: {} })
    expect(await stateOf(runtime(), 'api-1')).toBe('ready')
  })

  test('a start that is aborted rejects', async () => {
    await runtime().kill('api-1', { by })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(runtime().start('api-1', { by, signal })).rejects.toThrow('enough')
  })

  test('a name that does not exist is refused with the names that do', async () => {
    await expect(runtime().kill('api-3', { by })).rejects.toThrow('Unknown instance "api-3".')
    await expect(runtime().start('api-3', { by })).rejects.toThrow(InputError)
  })
}
