import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { restartAll } from './restart-all.ts'

const { topology } = system
const names = topology.instances.map(({ name }) => name)

test('every instance is down before the first one starts, and each gets its environment or its defaults', async () => {
  const calls: string[] = []
  const environments = new Map<string, unknown>()
  await restartAll(
    {
      kill: async (name) => void calls.push(`kill ${name}`),
      start: async (name, { environment }) => {
        calls.push(`start ${name}`)
        environments.set(name, environment)
      },
    },
    {
      by: 'scenario',
      topology,
      environments: { payments: { CAPACITY: '2' } },
      whileDown: async () => void calls.push('down'),
    },
  )
  expect(calls).toEqual([
    ...names.map((name) => `kill ${name}`),
    'down',
    ...names.map((name) => `start ${name}`),
  ])
  expect(environments.get('payments')).toEqual({ CAPACITY: '2' })
  expect(environments.get('api-1')).toEqual({})
})

test('no instance starts when the work in between fails', async () => {
  const calls: string[] = []
  const runtime = {
    kill: async () => undefined,
    start: async (name: string) => void calls.push(name),
  }
  const whileDown = async () => {
    throw new Error('no database')
  }
  const restarted = restartAll(runtime, { by: 'scenario', topology, environments: {}, whileDown })
  await expect(restarted).rejects.toThrow('no database')
  expect(calls).toEqual([])
})

test('waits for every instance before it rejects with the first error', async () => {
  const done: string[] = []
  const runtime = {
    kill: async () => undefined,
    start: async (name: string) => {
      if (name === 'api-1') throw new Error('broken seam')
      await new Promise((resolve) => setImmediate(resolve))
      done.push(name)
    },
  }
  const restarted = restartAll(runtime, { by: 'scenario', topology, environments: {} })
  await expect(restarted).rejects.toThrow('broken seam')
  expect(done).toHaveLength(names.length - 1)
})
