import { expect, test as base } from 'vitest'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from '../testing/fake-controller.ts'

const headers = { host: '127.0.0.1:20000', authorization: 'Bearer secret' }

const test = base
  .extend('controller', () => createFakeController())
  .extend('app', async ({ controller }, { onCleanup }) => {
    const app = await createApp({
      controller,
      token: 'secret',
      hosts: localHosts,
      version: '1',
      dashboardFolder: '/nowhere',
    })
    onCleanup(async () => app.close())
    return app
  })

test('a statement and a command reach the stores', async ({ app, controller }) => {
  const statement = { method: 'POST', url: '/api/sql', headers } as const
  const rows = await app.inject({ ...statement, payload: { statement: 'SELECT 1' } })
  expect(rows.json()).toEqual({ columns: ['n'], rows: [['1']], more: false, tookMs: 2 })
  const command = { ...statement, url: '/api/redis', payload: { command: 'PING' } }
  expect((await app.inject(command)).json()).toEqual({ reply: 'PONG', tookMs: 1 })
  expect(controller.calls).toEqual(['sql SELECT 1', 'redis PING'])
})

test('a body of another form or size is refused', async ({ app, controller }) => {
  for (const [url, payload] of [
    ['/api/sql', {}],
    ['/api/sql', { statement: '' }],
    ['/api/sql', { statement: 'x'.repeat(10_001) }],
    ['/api/sql', { statement: 'SELECT 1', write: true }],
    ['/api/redis', { command: 5 }],
  ] as const) {
    const { statusCode } = await app.inject({ method: 'POST', url, headers, payload })
    expect({ url, statusCode }).toEqual({ url, statusCode: 400 })
  }
  expect(controller.calls).toEqual([])
})

test('both need the token', async ({ app }) => {
  const { host } = headers
  for (const [url, payload] of [
    ['/api/sql', { statement: 'SELECT 1' }],
    ['/api/redis', { command: 'PING' }],
  ] as const)
    expect((await app.inject({ method: 'POST', url, headers: { host }, payload })).statusCode).toBe(
      401,
    )
})
