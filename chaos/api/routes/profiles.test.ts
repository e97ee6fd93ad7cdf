import { test as base, expect } from 'vitest'

import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createProfileControl } from '../sandbox/profile-control.ts'
import { createFakeController } from '../testing/fake-controller.ts'

const host = '127.0.0.1:20000'
const noRun: { current: string | null; readonly occupant: string | null } = {
  current: null,
  occupant: null,
}

/** The routes on the profiles of a sandbox in memory. */
const test = base
  .extend('sandbox', async ({}, { onCleanup }) => {
    const { sandbox } = await createFakeSandbox({ profiles: true })
    onCleanup(async () => sandbox[Symbol.asyncDispose]())
    return sandbox
  })
  .extend('runs', () => ({ ...noRun }))
  .extend('call', async ({ sandbox, runs }, { onCleanup }) => {
    const profiles = createProfileControl(sandbox, runs)
    const app = await createApp({
      controller: { ...createFakeController(), profiles },
      token: 'secret',
      hosts: localHosts,
      version: '1.2.3',
      dashboardFolder: '/nowhere',
    })
    onCleanup(async () => app.close())
    return async (method: 'GET' | 'PUT' | 'DELETE', url: string) =>
      await app.inject({ method, url, headers: { host, authorization: 'Bearer secret' } })
  })

test('a profile starts and stops, and the list says who asked for it', async ({ call }) => {
  const off = { name: 'callbacks', on: false, holders: [], parts: ['payments:api-1'] }
  expect((await call('GET', '/api/profiles')).json()).toContainEqual(expect.objectContaining(off))
  const started = await call('PUT', '/api/profiles/callbacks')
  expect(started.json()).toMatchObject({ on: true, holders: ['user'] })
  const stopped = await call('DELETE', '/api/profiles/callbacks')
  expect(stopped.json()).toMatchObject(off)
})

test('a profile that a run needs stays on when the user stops it', async ({ call, sandbox }) => {
  await sandbox.profiles.hold('callbacks', { holder: 'scenario' })
  await call('PUT', '/api/profiles/callbacks')
  const stopped = await call('DELETE', '/api/profiles/callbacks')
  expect(stopped.json()).toMatchObject({ on: true, holders: ['scenario'] })
})

test('an unknown profile is a 404; during a run, nothing starts', async ({ call, runs }) => {
  expect((await call('PUT', '/api/profiles/callback')).statusCode).toBe(404)
  runs.current = 'run-1'
  expect((await call('PUT', '/api/profiles/callbacks')).statusCode).toBe(409)
})
