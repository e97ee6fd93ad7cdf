import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'

import { createFakeSandbox } from './testing/fake-sandbox.ts'
import { trackLeaving } from './track-leaving.ts'

const typesOf = (events: readonly SandboxEvent[]) => events.map(({ type }) => type)

test('what instances and links tell is in the journal', async () => {
  const { sandbox, runtime, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  runtime.emit({ type: 'instance', instance: 'api-1', state: 'exited', by: 'itself' })
  links.emit({ type: 'link', link: 'api-1:redis', what: 'reset' })
  await clock.advance(0)
  expect(typesOf(sandbox.journal.since(0))).toEqual(['instance', 'link'])
  await sandbox[Symbol.asyncDispose]()
})

test('a sandbox puts right what an earlier controller left, and says so', async () => {
  const left = createFakeRuntime()
  left.cleanUp = async () => ['worker-1 was paused']
  const { sandbox, links } = await createFakeSandbox({}, { runtime: left })
  expect(sandbox.journal.since(0)).toMatchObject([
    { type: 'note', level: 'warning', text: 'Put right: worker-1 was paused' },
  ])
  expect(links.down.size).toBe(0)
  await sandbox[Symbol.asyncDispose]()
})

test('a halt undoes, tells, and refuses faults until it is lifted', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'pause', target: 'api-1', by: 'user' })
  expect(await sandbox.halt()).toEqual({ undone: ['pause on api-1'], couldNotUndo: [] })
  expect(runtime.states.get('api-1')).toBe('ready')
  const pause = { kind: 'pause', target: 'api-1', by: 'user' } as const
  await expect(sandbox.faults.inject(pause)).rejects.toThrow('The sandbox is halted')
  sandbox.lift()
  await sandbox.faults.inject(pause)
  const halts = sandbox.journal
    .since(0)
    .flatMap((event) => (event.type === 'halt' ? [event.what] : []))
  expect(halts).toEqual(['halted', 'lifted'])
  await sandbox[Symbol.asyncDispose]()
})

test('the end of a sandbox undoes every fault', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'crash', target: 'worker-*', by: 'user' })
  await sandbox[Symbol.asyncDispose]()
  expect(runtime.states.get('worker-2')).toBe('ready')
})

test('a deploy is undone to what the instance was started with', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  await sandbox.runtime.start('api-1', { by: 'scenario', environment: { EXERCISE_DIR: 'mine' } })
  const { id } = await sandbox.faults.inject({
    kind: 'deploy',
    target: 'api-1',
    params: { environment: { FEATURE: 'on' } },
    by: 'scenario',
  })
  expect(runtime.environments.get('api-1')).toEqual({ EXERCISE_DIR: 'mine', FEATURE: 'on' })
  await sandbox.faults.heal(id, 'asked')
  expect(runtime.environments.get('api-1')).toEqual({ EXERCISE_DIR: 'mine' })
  await sandbox[Symbol.asyncDispose]()
})

test('an instance that drains is leaving until it has gone', async () => {
  const runtime = createFakeRuntime()
  const gone = Promise.withResolvers<void>()
  runtime.stop = async () => await gone.promise
  const tracked = trackLeaving(runtime)
  const stopping = tracked.runtime.stop('api-1', { by: 'user', graceMs: 1_000 })
  expect(tracked.isLeaving('api-1')).toBe(true)
  expect(tracked.isLeaving('api-2')).toBe(false)
  gone.resolve()
  await stopping
  expect(tracked.isLeaving('api-1')).toBe(false)
})
