import { expect, test } from 'vitest'

import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import type { FakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'

import { haltLimitMs } from './heal-everything.ts'
import { createFakeSandbox } from './testing/fake-sandbox.ts'

/** A call such as `resume redis` that hangs until `release`. */
function hang(runtime: FakeRuntime, what: 'resume' | 'start', name: string) {
  const original = runtime[what].bind(runtime)
  const { promise, resolve } = Promise.withResolvers<void>()
  runtime[what] = async (instance, request) => {
    if (instance === name) await promise
    await original(instance, request)
  }
  return { release: resolve }
}

test('a halt heals 31 of 32 faults within a second although one hangs, and names that one', async () => {
  const { sandbox, runtime, links, clock } = await createFakeSandbox()
  const user = { by: 'user' } as const
  const linkNames = system.topology.links.map(({ name }) => name)
  for (let number = 0; number < 28; number++)
    await sandbox.faults.inject({
      kind: 'latency',
      target: linkNames[number % linkNames.length] ?? '',
      params: { latencyMs: 50 },
      ...user,
    })
  for (const target of ['worker-1', 'redis', 'postgres', 'payments'])
    await sandbox.faults.inject({ kind: 'pause', target, ...user })
  const { release } = hang(runtime, 'resume', 'redis')

  const halting = sandbox.halt()
  await clock.advance(haltLimitMs)
  const report = await halting
  expect(clock.now()).toBeLessThan(1_000)
  expect(report.undone).toHaveLength(31)
  expect(report.couldNotUndo.map(({ what }) => what)).toEqual(['pause on redis'])
  expect(links.toxics.size).toBe(0)
  expect(sandbox.faults.list()).toMatchObject([{ kind: 'pause', targets: ['redis'] }])

  // The attempt continues.
  release()
  await clock.advance(0)
  expect(sandbox.faults.list()).toEqual([])
  await sandbox[Symbol.asyncDispose]()
})

test('links are healed first, with one request; then frozen processes; then the rest', async () => {
  const { sandbox, runtime, links } = await createFakeSandbox()
  const calls: string[] = []
  const heal = links.heal.bind(links)
  links.heal = async () => {
    calls.push('heal links')
    return heal()
  }
  await sandbox.faults.inject({ kind: 'refuse', target: 'api-1:redis', by: 'user' })
  await sandbox.faults.inject({ kind: 'pause', target: 'postgres', by: 'user' })
  await sandbox.faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  const resume = runtime.resume.bind(runtime)
  const start = runtime.start.bind(runtime)
  runtime.resume = async (name, request) => {
    calls.push(`resume ${name}`)
    await resume(name, request)
  }
  runtime.start = async (name, request) => {
    calls.push(`start ${name}`)
    await start(name, request)
  }
  await sandbox.halt()
  expect(calls).toEqual(['heal links', 'resume postgres', 'start api-1'])
  await sandbox[Symbol.asyncDispose]()
})

test('a halt does not wait for instances that start again, and lists them', async () => {
  const { sandbox, runtime, clock } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  // No fault covers this one.
  runtime.states.set('worker-2', 'exited')
  const api = hang(runtime, 'start', 'api-1')
  const worker = hang(runtime, 'start', 'worker-2')
  const halting = sandbox.halt()
  await clock.advance(haltLimitMs)
  expect(await halting).toEqual({
    undone: [],
    couldNotUndo: [],
    starting: ['api-1', 'worker-2'],
  })
  const halted = sandbox.journal.since(0).find(({ type }) => type === 'halt')
  expect(halted).toMatchObject({ what: 'halted', starting: ['api-1', 'worker-2'] })
  api.release()
  worker.release()
  await clock.advance(0)
  expect(runtime.states.get('api-1')).toBe('ready')
  await sandbox[Symbol.asyncDispose]()
})

test('faults on one instance are healed in turn, so its own environment comes back', async () => {
  const { sandbox, runtime, clock } = await createFakeSandbox()
  await sandbox.runtime.start('api-1', { by: 'user', environment: { VERSION: 'old' } })
  const params = { environment: { VERSION: 'new' } }
  await sandbox.faults.inject({ kind: 'deploy', target: 'api-1', params, by: 'user' })
  await sandbox.faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  runtime.calls.splice(0)
  const { release } = hang(runtime, 'start', 'api-1')
  const halting = sandbox.halt()
  await clock.advance(0)
  expect(runtime.calls).toEqual([])
  release()
  await halting
  expect(runtime.calls).toEqual(['start api-1', 'stop api-1', 'start api-1'])
  expect(runtime.environments.get('api-1')).toEqual({ VERSION: 'old' })
  await sandbox[Symbol.asyncDispose]()
})

test('the end of a sandbox does not wait for a fault that hangs', async () => {
  const { sandbox, runtime, clock } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'pause', target: 'redis', by: 'user' })
  await sandbox.faults.inject({ kind: 'pause', target: 'api-1', by: 'user' })
  hang(runtime, 'resume', 'redis')
  const ending = Promise.allSettled([sandbox[Symbol.asyncDispose]()])
  await clock.advance(2_000)
  const [end] = await ending
  expect(String(end.status === 'rejected' && end.reason)).toContain('pause on redis')
  expect(runtime.states.get('api-1')).toBe('ready')
})

const latency = { kind: 'latency', params: { latencyMs: 50 }, by: 'user' } as const

test('link faults that are gone after a restart of the data plane are healed, others stay', async () => {
  const { sandbox, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  await sandbox.faults.inject({ ...latency, target: 'api-1:redis' })
  await sandbox.faults.inject({ kind: 'refuse', target: 'api-2:redis', by: 'user' })
  await sandbox.faults.inject({ kind: 'pause', target: 'worker-1', by: 'user' })
  links.restart()
  await clock.advance(0)
  expect(sandbox.faults.list().map(({ kind }) => kind)).toEqual(['pause'])
  const healed = sandbox.journal
    .since(0)
    .flatMap((event) =>
      event.type === 'fault' && event.what === 'healed'
        ? [`${event.fault.kind} ${event.reason}`]
        : [],
    )
  expect(healed.toSorted()).toEqual(['latency links-reset', 'refuse links-reset'])
  await sandbox[Symbol.asyncDispose]()
})

test('a link fault that the data plane has healed without a heartbeat is healed', async () => {
  const { sandbox, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  const { id } = await sandbox.faults.inject({ ...latency, target: 'api-1:redis' })
  await sandbox.faults.inject({ ...latency, target: 'api-2:redis' })
  await links.removeToxic('api-1:redis', `${id}-downstream`)
  const toxic = `${id}-downstream`
  links.emit({ type: 'link', link: 'api-1:redis', what: 'toxic-expired', toxic })
  await clock.advance(0)
  expect(sandbox.faults.list()).toMatchObject([{ targets: ['api-2:redis'] }])
  await sandbox[Symbol.asyncDispose]()
})

test('a fault whose toxic ends with its lease a moment earlier ends with its lease', async () => {
  const { sandbox, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  await sandbox.faults.inject({ ...latency, target: 'api-1:redis', leaseMs: 5_000 })
  await clock.advance(4_990)
  links.toxics.clear()
  links.emit({ type: 'link', link: 'api-1:redis', what: 'toxic-expired' })
  await clock.advance(10)
  const healed = sandbox.journal
    .since(0)
    .flatMap((event) => (event.type === 'fault' && event.what === 'healed' ? [event.reason] : []))
  expect(healed).toEqual(['lease'])
  await sandbox[Symbol.asyncDispose]()
})

test('a fault that is injected while the links are read is not taken for gone', async () => {
  const { sandbox, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  await sandbox.faults.inject({ ...latency, target: 'api-1:redis' })
  const { promise, resolve } = Promise.withResolvers<void>()
  const list = links.list.bind(links)
  links.list = async () => {
    const before = await list()
    await promise
    return before
  }
  links.restart()
  await clock.advance(0)
  await sandbox.faults.inject({ ...latency, target: 'api-2:redis' })
  resolve()
  await clock.advance(0)
  expect(sandbox.faults.list()).toMatchObject([{ targets: ['api-2:redis'] }])
  await sandbox[Symbol.asyncDispose]()
})

test('a heal that ends while the instances are read is reported once', async () => {
  const { sandbox, runtime, clock } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'pause', target: 'redis', by: 'user' })
  const { release } = hang(runtime, 'resume', 'redis')
  const status = runtime.status.bind(runtime)
  runtime.status = async () => {
    const read = await status()
    release()
    await clock.sleep(1)
    return read
  }
  const halting = sandbox.halt()
  await clock.advance(haltLimitMs)
  expect((await halting).undone).toEqual(['pause on redis'])
  await sandbox[Symbol.asyncDispose]()
})

test('a runtime whose status hangs does not keep a halt', async () => {
  const runtime = createFakeRuntime()
  const { sandbox, clock } = await createFakeSandbox({}, { runtime })
  await sandbox.faults.inject({ kind: 'pause', target: 'api-1', by: 'user' })
  runtime.status = () => new Promise(() => {})
  const halting = sandbox.halt()
  await clock.advance(haltLimitMs)
  const report = await halting
  expect(report.undone).toEqual(['pause on api-1'])
  expect(report.couldNotUndo).toHaveLength(1)
  await sandbox[Symbol.asyncDispose]()
})
