import { expect, test, vi } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'

import { acceptsConnections } from '../accepts-connections.ts'
import { instanceState, instanceStatus } from './instance-status.ts'
import type { Conformance } from './subject.ts'

const by = 'scenario'

/** Start, stop and kill, with the `by` of each event. */
export function describeLifecycle({ runtime, events, subject }: Conformance): void {
  test('kill returns when the instance no longer listens, and affects no other instance', async () => {
    await runtime().kill('api-1', { by })
    expect(await acceptsClients(runtime().addresses.http('api-1'))).toBe(false)
    expect(await instanceState(runtime(), 'api-1')).toBe('exited')
    expect(await instanceState(runtime(), 'api-2')).toBe('ready')
    expect(events).toContainEqual(seen({ instance: 'api-1', state: 'exited', by }))
  })

  test('start starts a killed instance and emits its events', async () => {
    await runtime().kill('worker-1', { by })
    await runtime().start('worker-1', { by: 'supervisor' })
    expect(await instanceState(runtime(), 'worker-1')).toBe('ready')
    const states = events.filter(({ instance }) => instance === 'worker-1')
    expect(states).toMatchObject([
      { state: 'exited', by },
      { state: 'starting', by: 'supervisor' },
      { state: 'ready', by: 'supervisor' },
    ])
  })

  test('an instance that is killed for a planned restart is stopped on purpose, and its events say so', async () => {
    await runtime().kill('worker-1', { by, planned: true })
    expect(await instanceState(runtime(), 'worker-1')).toBe('absent')
    await runtime().start('worker-1', { by })
    const states = events.filter(({ instance }) => instance === 'worker-1')
    expect(states).toMatchObject([
      { state: 'absent', by, planned: true },
      { state: 'starting', by },
      { state: 'ready', by },
    ])
    // The next end is not planned.
    await runtime().kill('worker-1', { by })
    expect(events.at(-1)).toEqual(expect.not.objectContaining({ planned: true }))
  })

  test('counts only the restarts that the supervisor requested', async () => {
    const before = (await instanceStatus(runtime(), 'worker-2')).restarts
    await runtime().kill('worker-2', { by })
    await runtime().start('worker-2', { by })
    expect((await instanceStatus(runtime(), 'worker-2')).restarts).toBe(before)
    await runtime().kill('worker-2', { by })
    await runtime().start('worker-2', { by: 'supervisor' })
    expect((await instanceStatus(runtime(), 'worker-2')).restarts).toBe(before + 1)
  })

  test('starting a running instance changes nothing', async () => {
    await runtime().start('api-1', { by })
    expect(events).toEqual([])
  })

  test('stop ends an instance gracefully; its state is absent', async () => {
    await runtime().stop('api-2', { by, graceMs: 10_000 })
    expect(await acceptsClients(runtime().addresses.http('api-2'))).toBe(false)
    expect(events).toContainEqual(seen({ instance: 'api-2', state: 'absent', by, code: 0 }))
    expect(await instanceState(runtime(), 'api-2')).toBe('absent')
  })

  test('stopping or killing an instance that does not run is not an error', async () => {
    await runtime().kill('payments', { by })
    events.length = 0
    await runtime().kill('payments', { by })
    await runtime().stop('payments', { by, graceMs: 1_000 })
    expect(events.filter(({ state }) => state !== 'absent')).toEqual([])
  })

  test('a death without a request is by itself', async () => {
    await subject.crash(runtime(), 'api-1')
    await vi.waitFor(
      () =>
        expect(events).toContainEqual(seen({ instance: 'api-1', state: 'exited', by: 'itself' })),
      { timeout: 5_000 },
    )
    expect((await instanceStatus(runtime(), 'api-1')).lastExit).toBeDefined()
  })
}

async function acceptsClients(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return await acceptsConnections(Number(port), hostname)
}

/** Matches an event with at least these fields. */
function seen(event: Partial<InstanceEvent>): InstanceEvent {
  return expect.objectContaining(event) as InstanceEvent
}
