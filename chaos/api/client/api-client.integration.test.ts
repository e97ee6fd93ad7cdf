import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from '../testing/fake-controller.ts'
import { createApiClient } from './api-client.ts'

const test = base
  .extend('controller', createFakeController)
  .extend('client', async ({ controller }, { onCleanup }) => {
    const options = { controller, token: 'secret', hosts: localHosts, version: '1' }
    const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
    onCleanup(async () => app.close())
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const startedAt = '2030-01-01T00:00:00.000Z'
    const file = { slot: 0, pid: 1, url, token: 'secret', startedAt, ephemeral: false } as const
    const { signal } = new AbortController()
    return createApiClient({ ...file, runtime: 'local' }, systemClock, signal)
  })

test('every change reaches the controller, with the token and escaped ids', async ({
  client,
  controller,
}) => {
  await client.inject({ kind: 'latency', target: 'api-1:redis' })
  await client.heal('a/b')
  await client.halt()
  await client.lift()
  await client.restore()
  await client.releaseTrap('trap-1', 'cut')
  await client.untap('tap-1')
  await client.checkLab('lab-zero', { version: 'shop', seed: 7 })
  await client.abort('run-1')
  await client.stopXray('xray-1')
  await client.takeDown()
  expect(controller.calls).toEqual([
    'inject api-1:redis',
    'heal a/b',
    'halt',
    'lift',
    'restore',
    'release trap-1 cut',
    'untap tap-1',
    'run {"lab":"lab-zero","version":"shop","seed":7}',
    'abort run-1',
    'stop xray-1',
    'shutDown',
  ])
})

test('reads return the parsed response', async ({ client }) => {
  expect(await client.sandbox()).toMatchObject({ slot: 0, ready: true })
  expect(await client.xrayCell('xray-1', 's01/reply-cut')).toMatchObject({ id: 's01/reply-cut' })
})

test('an error response rejects with message, remedy and status', async ({ client }) => {
  await expect(client.inject({ kind: 'latenc', target: 'x' })).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining('"latenc"') as string,
    remedy: expect.stringContaining('latency') as string,
    status: 404,
  })
})

test('events start after a number and pass the filter', async ({ client, controller }) => {
  for (const seq of [1, 2, 3])
    controller.publish({
      type: 'note',
      level: 'info',
      text: `note ${seq}`,
      seq,
      at: '2030-01-01T00:00:00.000Z',
      ms: seq,
      run: seq === 2 ? 'other' : 'mine',
    })
  const over = new AbortController()
  for await (const event of client.events({ run: 'mine', types: ['note'] }, 1, over.signal)) {
    expect(event.seq).toBe(3)
    over.abort()
  }
})

test('the log lines of an instance end the iteration', async ({ client }) => {
  const { signal } = new AbortController()
  const lines = await Array.fromAsync(client.logs('api-1', { tail: 5 }, signal))
  expect(lines).toMatchObject([{ instance: 'api-1', text: 'listening' }])
})
