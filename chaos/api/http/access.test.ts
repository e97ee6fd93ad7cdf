import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, describe, expect } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts, publicRoutes } from './guard-requests.ts'
import { createSessions, secretValidMs } from './sessions.ts'

const host = '127.0.0.1:20000'
const token = 'the-token'
const authorization = `Bearer ${token}`
const fault = { kind: 'latency', target: 'api-1:redis' }

const test = base
  .extend('clock', { now: 0 })
  .extend('controller', createFakeController)
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-access-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    return folder
  })
  .extend('app', async ({ clock, controller, folder }, { onCleanup }) => {
    await writeFile(join(folder, 'index.html'), '<html><head></head>the built page</html>')
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'assets', 'page.js'), '1')
    const sessions = createSessions({ now: () => clock.now })
    const options = { controller, token, sessions, hosts: localHosts, version: '1' }
    const app = await createApp({ ...options, dashboardFolder: folder })
    onCleanup(async () => app.close())
    return app
  })
  .extend('issue', ({ app }) => async (): Promise<string> => {
    const headers = { host, authorization }
    const response = await app.inject({ method: 'POST', url: '/api/secrets', headers })
    expect(response.statusCode).toBe(201)
    return response.json<{ secret: string }>().secret
  })
  .extend('session', async ({ app, issue }) => {
    const response = await app.inject({ url: `/?secret=${await issue()}`, headers: { host } })
    const cookie = String(response.headers['set-cookie']).split(';')[0] ?? ''
    const key = String(response.headers.location).split('key=')[1] ?? ''
    return { reads: { host, cookie }, changes: { host, cookie, 'x-unhappy-key': key } }
  })

describe('without token and session', () => {
  test('/ shows the commands that open the dashboard, no secret and no page', async ({ app }) => {
    const response = await app.inject({ url: '/', headers: { host } })
    expect(response.statusCode).toBe(401)
    expect(response.body).toContain('npx unhappy open')
    expect(response.body).toContain('docker compose exec chaos unhappy open')
    expect(response.body).not.toContain(token)
    expect(response.body).not.toContain('the built page')
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  test('every route of the API refuses with 401', async ({ app, controller }) => {
    const document = await app.inject({
      url: '/api/openapi.json',
      headers: { host, authorization },
    })
    const { paths } = document.json<{ paths: Record<string, Record<string, unknown>> }>()
    const routes = Object.entries(paths)
      .filter(([path]) => !publicRoutes.has(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) =>
            [
              method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'DELETE',
              path.replaceAll(/\{[^}]+\}/g, 'x'),
            ] as const,
        ),
      )
    expect(routes.length).toBeGreaterThan(35)
    for (const [method, url] of [...routes, ['GET', '/api/openapi.json'], ['GET', '/x']] as const) {
      const response = await app.inject({ method, url, headers: { host } })
      expect([method, url, response.statusCode]).toEqual([method, url, 401])
    }
    expect(controller.calls).toEqual([])
  })

  test('the public routes are these, and only for reading', async ({ app }) => {
    expect([...publicRoutes]).toEqual(['/', '/index.html', '/assets/*', '/api/alive'])
    expect((await app.inject({ url: '/assets/page.js', headers: { host } })).statusCode).toBe(200)
    expect((await app.inject({ method: 'POST', url: '/', headers: { host } })).statusCode).toBe(401)
  })

  test('a wrong token is refused even with a session', async ({ app, session }) => {
    const headers = { ...session.changes, authorization: 'Bearer wrong' }
    expect((await app.inject({ url: '/api/sandbox', headers })).statusCode).toBe(401)
  })
})

describe('a one-time secret', () => {
  test('starts a session and leaves the address', async ({ app, issue }) => {
    const secret = await issue()
    const response = await app.inject({ url: `/?secret=${secret}`, headers: { host } })
    expect(response.statusCode).toBe(303)
    expect(response.headers.location).toMatch(/^\/#key=[\w-]{32}$/)
    expect(response.headers['set-cookie']).toMatch(
      /^unhappy-session-20000=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(JSON.stringify(response.headers)).not.toContain(secret)
  })

  test('works once', async ({ app, issue }) => {
    const url = `/?secret=${await issue()}`
    expect((await app.inject({ url, headers: { host } })).statusCode).toBe(303)
    const again = await app.inject({ url, headers: { host } })
    expect(again.statusCode).toBe(401)
    expect(again.headers['set-cookie']).toBeUndefined()
  })

  test('expires after ten minutes', async ({ app, issue, clock }) => {
    const [one, other] = [await issue(), await issue()]
    expect(secretValidMs).toBe(600_000)
    clock.now = secretValidMs - 1
    expect((await app.inject({ url: `/?secret=${one}`, headers: { host } })).statusCode).toBe(303)
    clock.now = secretValidMs
    expect((await app.inject({ url: `/?secret=${other}`, headers: { host } })).statusCode).toBe(401)
  })

  test.for(['', 'x', token])('is not %j', async (secret, { app }) => {
    const response = await app.inject({ url: `/?secret=${secret}`, headers: { host } })
    expect(response.statusCode).toBe(401)
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  test('used again by a browser with a session leads to the page', async ({ app, session }) => {
    const response = await app.inject({ url: '/?secret=used', headers: session.reads })
    expect([response.statusCode, response.headers.location]).toEqual([303, '/'])
  })

  test('opened from a page of another site sets the cookie and goes on from its own page', async ({
    app,
    issue,
  }) => {
    const headers = { host, 'sec-fetch-site': 'cross-site' }
    const response = await app.inject({ url: `/?secret=${await issue()}`, headers })
    expect(response.statusCode).toBe(200)
    expect(response.headers['set-cookie']).toBeDefined()
    expect(response.body).toMatch(/http-equiv="refresh" content="0;url=\/#key=[\w-]{32}"/)
  })

  test('is issued for the token only', async ({ app, session }) => {
    const headers = session.changes
    const response = await app.inject({ method: 'POST', url: '/api/secrets', headers })
    expect(response.statusCode).toBe(403)
  })
})

describe('a session', () => {
  test('shows the page, without the token, and reads the API', async ({ app, session }) => {
    const page = await app.inject({ url: '/', headers: session.reads })
    expect(page.body).toContain('the built page')
    expect(page.body).not.toContain(token)
    expect(page.headers['cache-control']).toBe('no-store')
    const view = await app.inject({ url: '/api/sandbox', headers: session.reads })
    expect(view.json()).toMatchObject({ slot: 0 })
  })

  test('shows the whole page when it is built after the start of the controller', async ({
    folder,
  }) => {
    const later = join(folder, 'later')
    const sessions = createSessions({ now: () => 0 })
    const options = { controller: createFakeController(), token, sessions, hosts: localHosts }
    await using app = await createApp({ ...options, version: '1', dashboardFolder: later })
    const { headers } = await app.inject({
      url: `/?secret=${sessions.issueSecret()}`,
      headers: { host },
    })
    const reads = { host, cookie: String(headers['set-cookie']).split(';')[0] ?? '' }
    expect((await app.inject({ url: '/', headers: reads })).body).toContain('/api/openapi.json')
    await mkdir(join(later, 'assets'), { recursive: true })
    await writeFile(join(later, 'index.html'), '<html><head></head>built later</html>')
    await writeFile(join(later, 'assets', 'page.js'), '42')
    expect((await app.inject({ url: '/', headers: reads })).body).toContain('built later')
    expect((await app.inject({ url: '/assets/page.js', headers: reads })).body).toBe('42')
  })

  test('of another controller is refused', async ({ session, controller }) => {
    const options = { controller, token: 'other', hosts: localHosts, version: '1' }
    await using other = await createApp({ ...options, dashboardFolder: '/nowhere' })
    expect((await other.inject({ url: '/', headers: session.reads })).statusCode).toBe(401)
    expect((await other.inject({ url: '/api/sandbox', headers: session.reads })).statusCode).toBe(
      401,
    )
  })

  test('is not found under the name of another port', async ({ app, session }) => {
    const headers = { ...session.reads, host: '127.0.0.1:20100' }
    expect((await app.inject({ url: '/api/sandbox', headers })).statusCode).toBe(401)
  })

  test('changes something with the key of its page', async ({ app, session, controller }) => {
    const headers = { ...session.changes, origin: `http://${host}` }
    const response = await app.inject({
      method: 'POST',
      url: '/api/faults',
      headers,
      payload: fault,
    })
    expect(response.statusCode).toBe(201)
    expect(controller.calls).toEqual(['inject api-1:redis'])
  })

  test.for([
    ['no key', {}, 403],
    ['a wrong key', { 'x-unhappy-key': 'a'.repeat(32) }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['a foreign page', { origin: 'http://127.0.0.1:3000' }, 403],
  ] as const)('changes nothing with %s', async ([, more, status], { app, session, controller }) => {
    const headers = { ...session.reads, ...more }
    const response = await app.inject({ method: 'POST', url: '/api/halt', headers, payload: {} })
    expect(response.statusCode).toBe(status)
    expect(controller.calls).toEqual([])
  })

  test('changes nothing without a body and without the key', async ({
    app,
    session,
    controller,
  }) => {
    const headers = session.reads
    const response = await app.inject({ method: 'DELETE', url: '/api/faults', headers })
    expect(response.statusCode).toBe(403)
    expect(controller.calls).toEqual([])
  })
})

describe('code that a run names', () => {
  const scenario = 'title: x'
  const run = (exerciseDir: string) =>
    ({ method: 'POST', url: '/api/runs', payload: { scenario, exerciseDir } }) as const

  test.for(['/', '/tmp', '/nowhere', '..', 'labs/../..', `${projectRoot}-2`])(
    'by a page must be in the project: not %s',
    async (exerciseDir, { app, session, controller }) => {
      const response = await app.inject({ ...run(exerciseDir), headers: session.changes })
      expect(response.statusCode).toBe(403)
      expect(controller.calls).toEqual([])
    },
  )

  test('by a page may be a lab, my-work or the project itself', async ({
    app,
    session,
    controller,
  }) => {
    for (const folder of ['labs/first-steps/lab-zero/start', join(projectRoot, 'labs'), '.']) {
      const response = await app.inject({ ...run(folder), headers: session.changes })
      expect(response.statusCode).toBe(202)
    }
    expect(controller.calls[0]).toContain(`${projectRoot}/labs/first-steps/lab-zero/start`)
  })

  test('by a page may not leave the project through a symbolic link', async ({
    app,
    session,
    folder,
    controller,
  }) => {
    await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
    const inside = await mkdtemp(join(projectRoot, '.unhappy', 'test-access-'))
    try {
      await symlink(folder, join(inside, 'folder'))
      await writeFile(join(folder, 'place-order.ts'), '')
      await mkdir(join(inside, 'files'))
      await symlink(join(folder, 'place-order.ts'), join(inside, 'files', 'place-order.ts'))
      for (const name of ['folder', 'files']) {
        const response = await app.inject({ ...run(join(inside, name)), headers: session.changes })
        expect([name, response.statusCode]).toEqual([name, 403])
      }
    } finally {
      await rm(inside, { recursive: true })
    }
    expect(controller.calls).toEqual([])
  })

  test('by the owner may be anywhere', async ({ app, controller }) => {
    const response = await app.inject({ ...run('/tmp'), headers: { host, authorization } })
    expect(response.statusCode).toBe(202)
    expect(controller.calls).toEqual([`run {"scenario":"${scenario}","exerciseDir":"/tmp"}`])
  })
})

describe('headers', () => {
  test.for(['/', '/?secret=x', '/assets/page.js', '/api/sandbox', '/api/nothing'])(
    'of %s refuse frames, sniffing, referrers and other origins',
    async (url, { app }) => {
      const { headers } = await app.inject({ url, headers: { host } })
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).not.toMatch(/script-src (?!'self')/)
    },
  )

  test('of event streams are the same', async ({ app, session }) => {
    const url = '/api/instances/api-1/logs?tail=5'
    const { headers } = await app.inject({ url, headers: session.reads })
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-content-type-options': 'nosniff',
    })
  })

  test.for(['/api/runs/x/files/report.html', '/api/xrays/x/files/xray.html'])(
    'of %s give the file an origin of its own: it cannot use the session',
    async (url, { app, session, controller, folder }) => {
      const path = join(folder, 'index.html')
      Object.assign(controller.runs, { file: async () => path })
      Object.assign(controller.xrays, { file: async () => path })
      const { headers, statusCode } = await app.inject({ url, headers: session.reads })
      expect(statusCode).toBe(200)
      const policy = String(headers['content-security-policy'])
      expect(policy).toMatch(/^sandbox allow-scripts; default-src 'none';/)
      expect(policy).not.toMatch(/allow-same-origin|connect-src/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    },
  )
})
