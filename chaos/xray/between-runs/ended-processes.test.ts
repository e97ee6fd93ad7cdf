import { expect, test } from 'vitest'

import type { InstanceState, Runtime } from '#chaos/contracts/runtime.ts'

import { EndedProcesses } from './ended-processes.ts'

const { signal } = new AbortController()

/** `running`: the commands in each instance. Starting one starts the commands in `started`. */
function processesIn(running: Record<string, string[]>, started: Record<string, string[]> = {}) {
  let nowMs = 0
  const acts: string[] = []
  const states: Record<string, InstanceState> = {}
  const kindOf = (name: string) => (name === 'db' ? 'store' : 'service')
  const runtime = {
    status: async () =>
      Object.keys(running).map((name) => ({
        name,
        kind: kindOf(name),
        state: states[name] ?? 'ready',
        restarts: 0,
      })),
    processes: async (name: string) => running[name],
    stop: async (name: string) => void acts.push(`stop ${name} at ${nowMs}`),
    start: async (name: string) => {
      acts.push(`start ${name}`)
      running[name] = started[name] ?? []
    },
  } as unknown as Runtime
  const clock = {
    now: () => nowMs,
    wallTimeMs: () => 0,
    sleep: async (ms: number) => void (nowMs += ms),
  }
  return { ended: new EndedProcesses(runtime, clock), acts, running, states }
}

const nodemon = ['sh -c nodemon', 'node nodemon', 'node index.js']

test('a program that ended under its supervisor is found, and its instance is restarted', async () => {
  const { ended, acts, running } = processesIn(
    { api: nodemon, worker: ['node worker.js'] },
    { api: nodemon },
  )
  await ended.learn()
  expect(await ended.find()).toEqual([])
  running['api'] = nodemon.slice(0, 2)
  expect(await ended.find()).toEqual(['api'])
  await ended.startAgain(signal)
  expect(acts).toEqual(['stop api at 4000', 'start api'])
  expect(await ended.find()).toEqual([])
})

test('only a command that ran after every run without a fault counts', async () => {
  const { ended, running } = processesIn({ api: [...nodemon, 'curl localhost/health'] })
  await ended.learn()
  running['api'] = [...nodemon, 'node migrate.js']
  await ended.learn()
  running['api'] = nodemon
  expect(await ended.find()).toEqual([])
})

test('stores, instances that are down, and those that were never ready do not count', async () => {
  const { ended, running, states } = processesIn({
    db: ['postgres', 'postgres: idle'],
    api: nodemon,
    worker: nodemon,
  })
  states['worker'] = 'unready'
  await ended.learn()
  Object.assign(running, { db: ['postgres'], api: [], worker: [] })
  states['api'] = 'exited'
  expect(await ended.find()).toEqual([])
  states['api'] = 'unready'
  expect(await ended.find()).toEqual(['api'])
})

test('an instance whose processes are not known at the moment has not ended', async () => {
  const { ended, running } = processesIn({ api: nodemon })
  await ended.learn()
  Object.assign(running, { api: undefined })
  expect(await ended.find()).toEqual([])
})

test('before a run without a fault, and where processes are not known, none is found', async () => {
  const { ended, running } = processesIn({ api: nodemon })
  running['api'] = []
  expect(await ended.find()).toEqual([])
  const unknown = new EndedProcesses({} as Runtime, { now: () => 0 } as never)
  await unknown.learn()
  expect(await unknown.find()).toEqual([])
})
