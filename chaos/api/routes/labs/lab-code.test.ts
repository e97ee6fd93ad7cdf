import { test as base, expect } from 'vitest'

import type { RunView, SaveConflict } from '#chaos/contracts/api.ts'

import { createApp } from '../../http/app.ts'
import { localHosts } from '../../http/guard-requests.ts'
import { createFakeController } from '../../testing/fake-controller.ts'

const host = '127.0.0.1:20000'
const authorization = 'Bearer secret'
const old = '0'.repeat(64)
const lenses = { contract: 'a', truth: 'b', failure: 'c', blastRadius: 'd', tradeOff: 'e' }

const test = base
  .extend('controller', createFakeController)
  .extend('app', async ({ controller }, { onCleanup }) => {
    const options = { controller, token: 'secret', hosts: localHosts, version: '1' }
    const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
    onCleanup(async () => app.close())
    return app
  })
  .extend(
    'call',
    ({ app }) =>
      async (method: 'GET' | 'POST' | 'PUT', url: string, body?: object) => {
        const headers = { host, authorization }
        return await app.inject({ method, url, headers, ...(body && { payload: body }) })
      },
  )
  .extend('session', async ({ app, call }) => {
    const { secret } = (await call('POST', '/api/secrets')).json<{ secret: string }>()
    const response = await app.inject({ url: `/?secret=${secret}`, headers: { host } })
    const cookie = String(response.headers['set-cookie']).split(';')[0] ?? ''
    const key = String(response.headers.location).split('key=')[1] ?? ''
    return { reads: { host, cookie }, changes: { host, cookie, 'x-unhappy-key': key } }
  })

test('a file is read, saved, and refused with what is on disk', async ({ call, controller }) => {
  const read = await call('GET', '/api/labs/lab-zero/code')
  expect(read.json()).toMatchObject({ files: [{ seam: 'read-product', version: old }] })
  const path = '/api/labs/lab-zero/code/read-product'
  const saved = await call('PUT', path, { text: '// new\n', basedOn: old })
  expect([saved.statusCode, saved.json()]).toEqual([200, { version: 'f'.repeat(64) }])
  const late = await call('PUT', path, { text: '// late\n', basedOn: 'a'.repeat(64) })
  expect(late.statusCode).toBe(409)
  expect(late.json<SaveConflict>()).toMatchObject({ status: 409, text: '// old\n', version: old })
  expect(controller.calls).toEqual(['save read-product // new\n', 'save read-product // late\n'])
})

test('diagnostics, completions and hover pass text and place on', async ({ call, controller }) => {
  const about = async (what: string, body: object) =>
    call('POST', `/api/labs/lab-zero/${what}`, body)
  const found = await about('diagnostics', { text: 'x', seam: 'read-product' })
  expect(found.json()).toMatchObject({ state: 'starting', diagnostics: [] })
  expect((await about('completions', { text: 'x', line: 1, column: 2 })).statusCode).toBe(200)
  expect((await about('hover', { text: 'x', line: 3, column: 4 })).json()).toEqual({
    markdown: null,
    state: 'ready',
  })
  expect(controller.calls).toEqual(['diagnostics read-product x', 'completions 1:2', 'hover 3:4'])
})

test('a part is unlocked and the lenses are kept', async ({ call, controller }) => {
  const unlocked = await call('POST', '/api/labs/lab-zero/unlock', { section: 'after' })
  expect(unlocked.json()).toMatchObject({ id: 'lab-zero' })
  expect((await call('PUT', '/api/labs/lab-zero/lenses', lenses)).statusCode).toBe(200)
  expect(controller.calls).toEqual(['unlock lab-zero after', 'reflect lab-zero e'])
})

const [code, text] = ['/api/labs/lab-zero/code/read-product', 'x']

test.for([
  ['PUT', code, { text }],
  ['PUT', code, { text, basedOn: 'short' }],
  ['PUT', code, { text: 1, basedOn: old }],
  ['PUT', code, { text, basedOn: old, force: true }],
  ['POST', '/api/labs/lab-zero/diagnostics', {}],
  ['POST', '/api/labs/lab-zero/diagnostics', { text, seam: 'a'.repeat(201) }],
  ['POST', '/api/labs/lab-zero/completions', { text, line: 0, column: 1 }],
  ['POST', '/api/labs/lab-zero/completions', { text, line: 1 }],
  ['POST', '/api/labs/lab-zero/hover', { text, line: 1.5, column: 1 }],
  ['POST', '/api/labs/lab-zero/hover', { text, line: '1', column: 1 }],
  ['POST', '/api/labs/lab-zero/unlock', { section: 'story' }],
  ['POST', '/api/labs/lab-zero/unlock', {}],
  ['PUT', '/api/labs/lab-zero/lenses', { ...lenses, sixth: '' }],
  ['PUT', '/api/labs/lab-zero/lenses', { contract: '' }],
  ['PUT', '/api/labs/lab-zero/lenses', { ...lenses, truth: 'a'.repeat(10_001) }],
] as const)('%s %s refuses %j', async ([method, url, body], { call, controller }) => {
  expect((await call(method, url, body)).statusCode).toBe(400)
  expect(controller.calls).toEqual([])
})

test.for([
  ['PUT', code, { text, basedOn: old }],
  ['POST', '/api/labs/lab-zero/diagnostics', { text }],
  ['POST', '/api/labs/lab-zero/unlock', { section: 'after' }],
  ['PUT', '/api/labs/lab-zero/lenses', lenses],
] as const)(
  '%s %s needs the key of the page, not only its cookie',
  async ([method, url, payload], { app, controller, session }) => {
    const watched = await app.inject({ method, url, payload, headers: session.reads })
    expect(watched.statusCode).toBe(403)
    expect(controller.calls).toEqual([])
    const own = await app.inject({ method, url, payload, headers: session.changes })
    expect(own.statusCode).toBe(200)
  },
)

const story = { about: 'o-1', headline: 'lost', lines: [], expected: 'paid', actual: 'placed' }

function violated(run: RunView, version: string): RunView {
  const verdict = {
    outcome: 'violated',
    headline: '1 lost',
    checks: [],
    reasons: [],
    story,
  } as const
  return { ...run, version, state: 'done', outcome: 'violated', verdict }
}

test.for([
  ['mine', true, false],
  ['mine', false, true],
  ['start', true, true],
] as const)(
  'a page: version %s, held back %s, so its story shows: %s',
  async ([version, heldBack, shows], { app, call, controller, session }) => {
    const run = violated(await controller.runs.get('run-1'), version)
    Object.assign(controller.runs, { get: async () => run })
    Object.assign(controller.labs, { holdsStoryBack: async () => heldBack })
    const response = await app.inject({ url: '/api/runs/run-1', headers: session.reads })
    const { verdict, storyLockedUntil } = response.json<RunView>()
    expect(verdict?.headline).toBe('1 lost')
    expect(verdict?.story !== undefined).toBe(shows)
    expect(storyLockedUntil).toBe(shows ? undefined : 'your explanation')
    // A program with the token receives all of it.
    expect((await call('GET', '/api/runs/run-1')).json<RunView>().verdict?.story).toEqual(story)
  },
)
