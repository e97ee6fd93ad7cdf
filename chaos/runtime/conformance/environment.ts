import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { instanceState } from './instance-status.ts'
import type { Conformance } from './subject.ts'

const by = 'scenario'

/** The environment of an instance, and starts that fail. */
export function describeEnvironment({ runtime, subject }: Conformance): void {
  test('a start fails with the error of a service that refuses its environment; the next environment replaces it', async () => {
    await runtime().stop('api-1', { by, graceMs: 10_000 })
    const environment = subject.brokenEnvironment
    const refused = runtime().start('api-1', { by, environment })
    await expect(refused).rejects.toThrow(InputError)
    await expect(refused).rejects.toThrow(/api-1/)
    // Without an environment it starts with the last one.
    await expect(runtime().start('api-1', { by })).rejects.toThrow(InputError)
    await runtime().start('api-1', { by, environment: {} })
    expect(await instanceState(runtime(), 'api-1')).toBe('ready')
  })

  test('an aborted start rejects', async () => {
    await runtime().kill('api-1', { by })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(runtime().start('api-1', { by, signal })).rejects.toThrow('enough')
  })

  test('an unknown name is refused', async () => {
    await expect(runtime().kill('api-3', { by })).rejects.toThrow(/api-3/)
    await expect(runtime().start('api-3', { by })).rejects.toThrow(InputError)
  })
}
