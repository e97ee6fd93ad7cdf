import { expect, test } from 'vitest'

import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'

import { trackInstances } from './track-instances.ts'

test('the environment of the last start is known; a start without one keeps it', async () => {
  const { runtime, environmentOf } = trackInstances(createFakeRuntime())
  expect(environmentOf('api-1')).toEqual({})
  await runtime.start('api-1', { by: 'user', environment: { POOL: '1' } })
  await runtime.start('api-1', { by: 'user' })
  expect(environmentOf('api-1')).toEqual({ POOL: '1' })
  expect(environmentOf('api-2')).toEqual({})
})

test('after a start that failed, the instance may run with either environment', async () => {
  const fake = createFakeRuntime()
  const { runtime, mayRun } = trackInstances(fake)
  const start = (EXERCISE_DIR: string) =>
    runtime.start('api-1', { by: 'scenario', environment: { EXERCISE_DIR } })
  expect(mayRun('api-1')).toBeUndefined()
  await start('first')
  fake.broken.add('start api-1')
  await expect(start('second')).rejects.toThrow('start api-1 failed')
  expect(mayRun('api-1')).toEqual([{ EXERCISE_DIR: 'first' }, { EXERCISE_DIR: 'second' }])
  fake.broken.clear()
  await start('third')
  expect(mayRun('api-1')).toEqual([{ EXERCISE_DIR: 'third' }])
})

test('an instance that drains is stopping until it is gone, even if the stop fails', async () => {
  const runtime = createFakeRuntime()
  const gone = Promise.withResolvers<void>()
  runtime.stop = async () => await gone.promise
  const tracked = trackInstances(runtime)
  const stopping = tracked.runtime.stop('api-1', { by: 'user', graceMs: 1_000 })
  expect(tracked.isStopping('api-1')).toBe(true)
  expect(tracked.isStopping('api-2')).toBe(false)
  gone.reject(new Error('no such process'))
  await expect(stopping).rejects.toThrow('no such process')
  expect(tracked.isStopping('api-1')).toBe(false)
})

test('everything else reaches the runtime itself', async () => {
  const runtime = createFakeRuntime()
  const tracked = trackInstances(runtime)
  await tracked.runtime.kill('worker-1', { by: 'user' })
  expect(runtime.calls).toEqual(['kill worker-1'])
})
