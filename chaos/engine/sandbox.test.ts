import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'

import { createFakeSandbox } from './testing/fake-sandbox.ts'

const typesOf = (events: readonly SandboxEvent[]) => events.map(({ type }) => type)

test('events of instances and links are in the journal', async () => {
  const { sandbox, runtime, links, clock } = await createFakeSandbox()
  await clock.advance(0)
  runtime.emit({ type: 'instance', instance: 'api-1', state: 'exited', by: 'itself' })
  links.emit({ type: 'link', link: 'api-1:redis', what: 'reset' })
  await clock.advance(0)
  expect(typesOf(sandbox.journal.since(0))).toEqual(['instance', 'link'])
  await sandbox[Symbol.asyncDispose]()
})

test('a new sandbox cleans up the leftovers of an earlier controller and notes them', async () => {
  const runtime = createFakeRuntime()
  runtime.cleanUp = async () => ['worker-1 was paused']
  const { sandbox, links } = await createFakeSandbox({}, { runtime })
  expect(sandbox.journal.since(0)).toMatchObject([
    { type: 'note', level: 'warning', text: expect.stringContaining('worker-1 was paused') },
  ])
  expect(links.down.size).toBe(0)
  await sandbox[Symbol.asyncDispose]()
})

test('a halt heals, is published, and refuses faults until it is lifted', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'pause', target: 'api-1', by: 'user' })
  expect(await sandbox.halt()).toEqual({ undone: ['pause on api-1'], couldNotUndo: [] })
  expect(runtime.states.get('api-1')).toBe('ready')
  const pause = { kind: 'pause', target: 'api-1', by: 'user' } as const
  await expect(sandbox.faults.inject(pause)).rejects.toMatchObject({ status: 409 })
  sandbox.lift()
  await sandbox.faults.inject(pause)
  const halts = sandbox.journal
    .since(0)
    .flatMap((event) => (event.type === 'halt' ? [event.what] : []))
  expect(halts).toEqual(['halted', 'lifted'])
  await sandbox[Symbol.asyncDispose]()
})

test('disposing a sandbox heals every fault', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  await sandbox.faults.inject({ kind: 'crash', target: 'worker-*', by: 'user' })
  await sandbox[Symbol.asyncDispose]()
  expect(runtime.states.get('worker-2')).toBe('ready')
})

test('healing a deploy restores the environment of the last start', async () => {
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

test('code is in use as long as an instance may run it, and while it is the judged code', async () => {
  const { sandbox, runtime } = await createFakeSandbox()
  expect(sandbox.codeInUse()).toEqual(new Set())
  const start = (EXERCISE_DIR: string) =>
    sandbox.runtime.start('api-1', { by: 'scenario', environment: { EXERCISE_DIR } })
  await start('first')
  await sandbox.runtime.kill('api-1', { by: 'scenario' })
  runtime.broken.add('start api-1')
  await expect(start('second')).rejects.toThrow('start api-1 failed')
  sandbox.code.set({ judged: { folder: 'third', seams: [] } })
  expect(sandbox.codeInUse()).toEqual(new Set(['first', 'second', 'third']))
  await sandbox[Symbol.asyncDispose]()
})

test('in Docker, code is not known before this controller has started every instance', async () => {
  const runtime = Object.assign(createFakeRuntime(), { kind: 'docker' as const })
  const { sandbox } = await createFakeSandbox({}, { runtime })
  expect(sandbox.codeInUse()).toBeUndefined()
  for (const { name } of system.topology.instances)
    await sandbox.runtime.start(name, { by: 'scenario', environment: {} })
  expect(sandbox.codeInUse()).toEqual(new Set())
  await sandbox[Symbol.asyncDispose]()
})
