import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Ajv } from 'ajv'
import { test as base, expect } from 'vitest'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts } from './guard-requests.ts'

const host = '127.0.0.1:20000'
const token = 'secret'
const authorization = `Bearer ${token}`

const test = base
  .extend('controller', createFakeController)
  .extend('app', async ({ controller }, { onCleanup }) => {
    const options = { controller, token, hosts: localHosts, version: '1.2.3' }
    const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
    onCleanup(async () => app.close())
    return app
  })

test('answers what is, without a token', async ({ app }) => {
  const response = await app.inject({ url: '/api/sandbox', headers: { host } })
  expect(response.statusCode).toBe(200)
  expect(response.json()).toMatchObject({ slot: 0, ready: true })
})

test('refuses a foreign host: a name of somebody else may point at this machine', async ({
  app,
}) => {
  const response = await app.inject({ url: '/api/sandbox', headers: { host: 'evil.example' } })
  expect(response.statusCode).toBe(421)
})

test.for(['http://evil.example', 'null', 'http://127.0.0.1:3000'])(
  'refuses a page from %s',
  async (origin, { app }) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/halt',
      headers: { host, origin, authorization },
    })
    expect(response.statusCode).toBe(403)
  },
)

test('allows its own page', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/halt',
    headers: { host, origin: `http://${host}`, authorization },
  })
  expect(response.statusCode).toBe(200)
})

test.for([undefined, 'Bearer wrong!', 'Bearer ', token])(
  'refuses a change with authorization %s',
  async (given, { app, controller }) => {
    const response = await app.inject({
      method: 'DELETE',
      url: '/api/sandbox',
      headers: { host, ...(given !== undefined && { authorization: given }) },
    })
    expect(response.statusCode).toBe(401)
    expect(controller.asked).toEqual([])
  },
)

test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'refuses a change as %s: a form on any page could send it',
  async (type, { app, controller }) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/faults',
      headers: { host, authorization, 'content-type': type },
      payload: '{"kind":"latency","target":"api-1:redis"}',
    })
    expect(response.statusCode).toBe(415)
    expect(controller.asked).toEqual([])
  },
)

test('injects a fault and answers 201 with it', async ({ app, controller }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 'api-1:redis', params: { latencyMs: 200 } },
  })
  expect(response.statusCode).toBe(201)
  expect(response.json()).toMatchObject({ id: 'latency-1' })
  expect(controller.asked).toEqual(['inject api-1:redis'])
})

test('an unknown fault gets the nearest name and the known ones', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latenc', target: 'api-1:redis' },
  })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toEqual({
    error: 'Unknown fault "latenc". Did you mean "latency"?',
    remedy: 'Known: latency.',
    status: 404,
  })
})

test('a field that does not fit is named', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 5 },
  })
  expect(response.statusCode).toBe(400)
  expect(response.json<{ error: string }>().error).toContain('body.target')
})

test('a lease beyond the maximum is refused', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 'api-1:redis', leaseMs: 600_001 },
  })
  expect(response.statusCode).toBe(400)
})

test('going down is answered before it happens', async ({ app, controller }) => {
  const response = await app.inject({
    method: 'DELETE',
    url: '/api/sandbox',
    headers: { host, authorization },
  })
  expect(response.statusCode).toBe(202)
  expect(controller.asked).toEqual(['shutDown'])
})

test('the lines of a log come as server-sent events and end', async ({ app }) => {
  const response = await app.inject({ url: '/api/instances/api-1/logs?tail=5', headers: { host } })
  expect(response.headers['content-type']).toBe('text/event-stream')
  expect(response.body).toContain('"text":"listening"')
})

test('an unknown instance is refused before a stream is promised', async ({ app }) => {
  const response = await app.inject({ url: '/api/instances/api-9/logs', headers: { host } })
  expect(response.statusCode).toBe(404)
  expect(response.json<{ error: string }>().error).toContain('api-9')
})

test('a prediction that is locked stays as it is', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/labs/lab-zero/prediction',
    headers: { host, authorization },
    payload: { answer: 1, confidence: 80 },
  })
  expect(response.statusCode).toBe(409)
})

test('a lab check becomes a run of that lab', async ({ app, controller }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/labs/lab-zero/check',
    headers: { host, authorization },
    payload: { version: 'shop', seed: 7 },
  })
  expect(response.statusCode).toBe(202)
  expect(controller.asked).toEqual(['run {"lab":"lab-zero","version":"shop","seed":7}'])
})

test('what is not there is told in the same shape', async ({ app }) => {
  const response = await app.inject({ url: '/api/nothing', headers: { host } })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({ status: 404, remedy: expect.any(String) as string })
})

test('every answer is what the document promises', async ({ app }) => {
  const document = await app.inject({ url: '/api/openapi.json', headers: { host } })
  const { paths } = document.json<{ paths: Record<string, Record<string, Operation>> }>()
  const ajv = new Ajv({ strict: false })
  const reads = Object.entries(paths).filter(
    ([path]) => !path.includes('{') && path !== '/api/events',
  )
  expect(reads.length).toBeGreaterThan(5)
  for (const [path, { get }] of reads) {
    const schema = get?.responses['200']?.content?.['application/json']?.schema
    if (schema === undefined) continue
    const answer = await app.inject({ url: path, headers: { host } })
    expect(ajv.validate(schema, answer.json()), `${path}: ${ajv.errorsText()}`).toBe(true)
  }
})

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema?: object }> }>
}

test('without a built dashboard a plain page says where to look', async ({ app }) => {
  const response = await app.inject({ url: '/', headers: { host } })
  expect(response.headers['content-type']).toContain('text/html')
  expect(response.body).toContain('unhappy status')
})

test('the built page gets the token injected, and is never cached', async ({ controller }) => {
  const dashboardFolder = await mkdtemp(join(tmpdir(), 'unhappy-page-'))
  try {
    await writeFile(
      join(dashboardFolder, 'index.html'),
      '<html><head><title>x</title></head></html>',
    )
    await using app = await createApp({
      controller,
      token,
      hosts: localHosts,
      version: '1',
      dashboardFolder,
    })
    const response = await app.inject({ url: '/', headers: { host } })
    expect(response.body).toContain('<meta name="unhappy-token" content="secret">')
    expect(response.headers['cache-control']).toBe('no-store')
  } finally {
    await rm(dashboardFolder, { recursive: true })
  }
})

test('an X-ray is started and stopped, and one of its cells is asked for by its name', async ({
  app,
  controller,
}) => {
  const headers = { host, authorization }
  const started = await app.inject({
    method: 'POST',
    url: '/api/xrays',
    headers,
    payload: { flow: 'place-order', mode: 'quick' },
  })
  expect(started.statusCode).toBe(202)
  const { id } = started.json<{ id: string }>()
  const stopped = await app.inject({ method: 'DELETE', url: `/api/xrays/${id}`, headers })
  expect(stopped.statusCode).toBe(204)
  expect(controller.asked).toEqual(['xray place-order', `stop ${id}`])
  const cell = await app.inject({ url: `/api/xrays/${id}/cells/s01/reply-cut`, headers: { host } })
  expect(cell.json()).toMatchObject({ id: 's01/reply-cut' })
})
