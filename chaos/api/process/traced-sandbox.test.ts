import { expect, test } from 'vitest'

import { createFakeLinks } from '#chaos/faults/testing/fake-links.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'
import { openOtlpReceiver } from '#services/test/otlp-receiver.ts'

import { createTracedSandbox } from './traced-sandbox.ts'

const parts = () => ({ system, runtime: createFakeRuntime(), links: createFakeLinks(), seed: 1 })
const pause = { kind: 'pause', target: 'api-1', by: 'user' } as const

test('a fault that heals because the sandbox ends is exported before telemetry ends', async () => {
  await using receiver = await openOtlpReceiver()
  const config = { endpoint: receiver.url, metrics: false }
  const traced = await createTracedSandbox(parts(), { config, slot: 0, host: '127.0.0.1' })
  await traced.sandbox.faults.inject(pause)
  await traced[Symbol.asyncDispose]()
  const [span, ...others] = receiver.spans.filter(({ name }) => name === 'fault pause')
  expect(others).toEqual([])
  expect(span?.events.map(({ name }) => name)).toEqual(['injected', 'healed'])
})

test('the sandbox ends if telemetry cannot start', async () => {
  const { runtime, ...rest } = parts()
  const config = { endpoint: undefined, metrics: true }
  const exported = { config, slot: 0, host: 'not a host' }
  await expect(createTracedSandbox({ ...rest, runtime }, exported)).rejects.toThrow('ENOTFOUND')
})
