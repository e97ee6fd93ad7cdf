import { expect, test, vi } from 'vitest'

import { by, seen } from './common.ts'
import type { Conformance } from './subject.ts'
import { statusOf, stateOf, restartsOf, connects } from './tools.ts'

/** Start, stop, kill, and who is said to have wanted it. */
export function describeLifecycle({ runtime, events, subject }: Conformance): void {
  test('kill returns when nothing listens any more, and leaves the others alone', async () => {
    await runtime().kill('api-1', { by })
    expect(await connects(runtime().addresses.http('api-1'))).toBe(false)
    expect(await stateOf(runtime(), 'api-1')).toBe('exited')
    expect(await stateOf(runtime(), 'api-2')).toBe('ready')
    expect(events).toContainEqual(seen({ instance: 'api-1', state: 'exited', by }))
  })

  test('start brings back what was killed, and tells so', async () => {
    await runtime().kill('worker-1', { by })
    await runtime().start('worker-1', { by: 'supervisor' })
    expect(await stateOf(runtime(), 'worker-1')).toBe('ready')
    const states = events.filter(({ instance }) => instance === 'worker-1')
    expect(states).toMatchObject([
      { state: 'exited', by },
      { state: 'starting', by: 'supervisor' },
      { state: 'ready', by: 'supervisor' },
    ])
  })

  test('counts the restarts that the supervisor ordered, and no others', async () => {
    const before = await restartsOf(runtime(), 'worker-2')
    await runtime().kill('worker-2', { by })
    await runtime().start('worker-2', { by })
    expect(await restartsOf(runtime(), 'worker-2')).toBe(before)
    await runtime().kill('worker-2', { by })
    await runtime().start('worker-2', { by: 'supervisor' })
    expect(await restartsOf(runtime(), 'worker-2')).toBe(before + 1)
  })

  test('starting what runs leaves it as it is', async () => {
    await runtime().start('api-1', { by })
    expect(events).toEqual([])
  })

  test('stop ends it in good order and leaves it absent', async () => {
    await runtime().stop('api-2', { by, graceMs: 10_000 })
    expect(await connects(runtime().addresses.http('api-2'))).toBe(false)
    expect(events).toContainEqual(seen({ instance: 'api-2', state: 'absent', by, code: 0 }))
    expect(await stateOf(runtime(), 'api-2')).toBe('absent')
  })

  test('stopping or killing what does not run is no error', async () => {
    await runtime().kill('payments', { by })
    events.length = 0
    await runtime().kill('payments', { by })
    await runtime().stop('payments', { by, graceMs: 1_000 })
    expect(events.filter(({ state }) => state !== 'absent')).toEqual([])
  })

  test('a death that nobody ordered is by itself', async () => {
    await subject.crash(runtime(), 'api-1')
    await vi.waitFor(
      () =>
        expect(events).toContainEqual(seen({ instance: 'api-1', state: 'exited', by: 'itself' })),
      { timeout: 5_000 },
    )
    expect((await statusOf(runtime(), 'api-1')).lastExit).toBeDefined()
  })
}
