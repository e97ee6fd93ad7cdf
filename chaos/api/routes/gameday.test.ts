import { test as base, expect } from 'vitest'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from '../testing/fake-controller.ts'

const headers = { host: '127.0.0.1:20000', authorization: 'Bearer secret' }

const test = base
  .extend('controller', createFakeController)
  .extend('app', async ({ controller }, { onCleanup }) => {
    const options = { controller, token: 'secret', hosts: localHosts, version: '1.2.3' }
    const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
    onCleanup(async () => app.close())
    return app
  })

test('a game day starts, takes answers and actions, and stops', async ({ app, controller }) => {
  const send = async (method: 'POST' | 'DELETE', url: string, payload?: object) =>
    await app.inject({ method, url, headers, ...(payload && { payload }) })
  expect((await send('POST', '/api/gameday', { seed: 7 })).statusCode).toBe(202)
  expect((await send('POST', '/api/gameday/answers', { wrong: true })).statusCode).toBe(200)
  const action = { action: 'restart', target: 'api-1' }
  expect((await send('POST', '/api/gameday/actions', action)).statusCode).toBe(200)
  expect((await send('DELETE', '/api/gameday')).statusCode).toBe(204)
  expect(controller.calls).toEqual([
    'game day 7',
    'answer true',
    'act restart api-1',
    'stop game day',
  ])
  const page = await app.inject({ url: '/api/gameday/debrief.html', headers })
  expect(page.headers['content-security-policy']).toContain('sandbox')
})

test.each([
  ['/api/gameday', { seed: 'x' }],
  ['/api/gameday', { minutes: 60 }],
  ['/api/gameday', { unknown: 1 }],
  ['/api/gameday/answers', { wrong: 'yes' }],
  ['/api/gameday/answers', { wrong: true, where: Array.from({ length: 40 }, () => 'api-1') }],
  ['/api/gameday/actions', { action: 'heal', target: 'api-1' }],
])('%s refuses %j', async (url, payload) => {
  const controller = createFakeController()
  const options = { controller, token: 'secret', hosts: localHosts, version: '1.2.3' }
  const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
  expect((await app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(400)
  expect(controller.calls).toEqual([])
  await app.close()
})

test('without a token nothing of a game day can be read or changed', async ({
  app,
  controller,
}) => {
  const host = { host: headers.host }
  expect((await app.inject({ url: '/api/gameday', headers: host })).statusCode).toBe(401)
  const post = { method: 'POST', url: '/api/gameday', headers: host, payload: {} } as const
  expect((await app.inject(post)).statusCode).toBe(401)
  expect(controller.calls).toEqual([])
})
