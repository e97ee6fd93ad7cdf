import { expect, test } from 'vitest'

import type { NewToxic } from '#chaos/contracts/links.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { ActingSandbox } from './act-on-trap.ts'
import { idleRestart, slowReplies } from './disturbance.ts'
import type { Recorder } from './recorder.ts'

const link = (name: string) => {
  const [caller = '', callee = ''] = name.split(':')
  return { name, caller, callee, protocol: 'http' as const, portOffset: 1 }
}
const instance = (name: string) => ({ name, service: name, portOffset: 1 })

const topology: Topology = {
  instances: [
    instance('web'),
    instance('worker'),
    instance('job'),
    { ...instance('courier'), external: true as const },
  ],
  stores: [{ name: 'db', kind: 'postgres', portOffset: 9 }],
  links: ['client:web', 'web:db', 'worker:db', 'worker:courier'].map(link),
}

/** Records what happens to links and processes. */
function fakeSandbox(of: Topology = topology) {
  const done: string[] = []
  const toxics: NewToxic[] = []
  const sandbox = {
    system: { name: 'fake', topology: of },
    links: {
      addToxic: async (name: string, toxic: NewToxic) => {
        toxics.push(toxic)
        done.push(`slow ${name}`)
      },
      removeToxic: async (name: string) => void done.push(`heal ${name}`),
    },
    runtime: {
      status: async () =>
        of.instances.map(({ name }) => ({ name, state: name === 'job' ? 'exited' : 'ready' })),
      stop: async (name: string) => void done.push(`stop ${name}`),
      start: async (name: string) => void done.push(`start ${name}`),
    },
  }
  const acting = { sandbox, setup: { signal: new AbortController().signal } }
  return { acting: acting as unknown as ActingSandbox, done, toxics }
}

function replies(count: number): Recorder['exchanges'] {
  const events = Array.from({ length: count }, () => ({
    event: { part: 'reply', link: 'web:db' },
    atMs: 0,
  }))
  return events as unknown as Recorder['exchanges']
}

test.each([
  [1, 1_500, 250],
  [10, 1_500, 75],
  [1_000, 1_500, 20],
])('%i replies of a client that waits %i ms are %i ms late each', async (count, wait, latency) => {
  const { acting, done, toxics } = fakeSandbox()
  const disturbance = await slowReplies(acting, replies(count), wait)()
  expect(done).toEqual(['slow web:db', 'slow worker:db', 'slow worker:courier'])
  expect(toxics[0]).toMatchObject({ type: 'latency', attributes: { latency, jitter: 0 } })
  await disturbance[Symbol.asyncDispose]()
  expect(done.slice(3)).toEqual(['heal worker:courier', 'heal worker:db', 'heal web:db'])
})

test('ready processes that receive no request from outside restart; other companies and stores do not', async () => {
  const { acting, done } = fakeSandbox()
  await idleRestart(acting)()
  expect(done).toEqual(['stop worker', 'start worker'])
})

test('a system with one process restarts that one', async () => {
  const { acting, done } = fakeSandbox({ ...topology, instances: [instance('web')] })
  await idleRestart(acting)()
  expect(done).toEqual(['stop web', 'start web'])
})
