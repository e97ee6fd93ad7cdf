import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, describe, expect } from 'vitest'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts } from './guard-requests.ts'
import { createSessions } from './sessions.ts'

const host = '127.0.0.1:20000'
const basePath = '/seats/7/'

const test = base
  .extend('sessions', () => createSessions({ now: () => 0 }))
  .extend('dashboardFolder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-base-path-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'index.html'), '<html><head></head>the built page</html>')
    return folder
  })
  .extend('app', async ({ sessions, dashboardFolder }, { onCleanup }) => {
    const controller = createFakeController()
    const options = { controller, token: 'secret', sessions, hosts: localHosts, version: '1' }
    const app = await createApp({ ...options, basePath, dashboardFolder })
    onCleanup(async () => app.close())
    return app
  })

describe('under a path of its own', () => {
  test('the API answers, whether the proxy removes the path or not', async ({ app }) => {
    for (const url of ['/seats/7/api/alive', '/api/alive'])
      expect((await app.inject({ url, headers: { host } })).json()).toMatchObject({ slot: 0 })
    for (const url of ['/seats/8/api/alive', '/seats/7api/alive', '/seats/7/seats/7/api/alive'])
      expect((await app.inject({ url, headers: { host } })).statusCode).not.toBe(200)
  })

  test('a session begins and stays there: the browser sends its cookie to no other path', async ({
    app,
    sessions,
  }) => {
    const url = `/seats/7/?secret=${sessions.issueSecret()}`
    const { headers } = await app.inject({ url, headers: { host } })
    expect(headers.location).toMatch(/^\/seats\/7\/#key=[\w-]+$/)
    expect(headers['set-cookie']).toContain('; Path=/seats/7/; HttpOnly; SameSite=Strict')
    const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
    const page = await app.inject({ url: '/seats/7/', headers: { host, cookie } })
    expect(page.body).toContain('the built page')
    const old = await app.inject({ url: '/seats/7/?secret=old', headers: { host, cookie } })
    expect(old.headers.location).toBe('/seats/7/')
  })

  test('a proxy with the token asks for a page: it changes things without a key, and stays a page', async ({
    app,
  }) => {
    const page = { host, authorization: 'Bearer secret', 'x-unhappy-caller': 'page' }
    const post = async (url: string, headers: Record<string, string>) =>
      (await app.inject({ method: 'POST', url, headers })).statusCode
    expect((await app.inject({ url: '/api/sandbox', headers: page })).statusCode).toBe(200)
    expect(await post('/api/halt', page)).toBe(200)
    expect(await post('/api/secrets', page)).toBe(403)
    expect(await post('/api/halt', { ...page, authorization: 'Bearer other' })).toBe(401)
    expect(await post('/api/halt', { host, 'x-unhappy-caller': 'page' })).toBe(401)
  })
})

test('a key opens the page again and again, a secret once, and nothing else does', () => {
  const key = 'k'.repeat(40)
  const sessions = createSessions({ now: () => 0 }, key)
  const secret = sessions.issueSecret()
  const opened = [key, key, secret, secret, 'k'.repeat(39), ''].map(
    (text) => sessions.redeem(text) !== undefined,
  )
  expect(opened).toEqual([true, true, true, false, false, false])
  expect(createSessions({ now: () => 0 }).redeem(key)).toBeUndefined()
})
