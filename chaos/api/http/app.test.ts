import { Ajv } from 'ajv'
import { test as base, expect } from 'vitest'

import type { ApiError } from '#chaos/contracts/api.ts'
import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'

import { readTruth } from '../sandbox/read-truth.ts'
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

test('GET /api/sandbox with the token returns the state', async ({ app }) => {
  const response = await app.inject({ url: '/api/sandbox', headers: { host, authorization } })
  expect(response.statusCode).toBe(200)
  expect(response.json()).toMatchObject({ slot: 0, ready: true })
})

test('GET /api/alive says which controller it is and asks nothing else', async ({
  app,
  controller,
}) => {
  controller.sandbox.view = () => new Promise(() => {})
  const response = await app.inject({ url: '/api/alive', headers: { host } })
  expect(response.json()).toEqual({ startedAt: '2030-01-01T00:00:00.000Z', slot: 0, pid: 4_242 })
})

test('the controller does not close idle connections, so no request meets the close', async ({
  app,
}) => {
  const { headers } = await fetch(`${await app.listen({ host: '127.0.0.1', port: 0 })}/api/alive`)
  // With a limit of its own, the server names it here.
  expect(headers.get('keep-alive')).toBeNull()
  expect(headers.get('connection')).toBe('keep-alive')
})

test('a truth that cannot be read is a 503 with what could be read', async () => {
  const { sandbox, truth } = await createFakeSandbox()
  truth.broken = true
  const controller = { ...createFakeController(), truth: () => readTruth(sandbox) }
  await using app = await createApp({
    controller,
    token,
    hosts: localHosts,
    version: '1',
    dashboardFolder: '/nowhere',
  })
  const response = await app.inject({
    url: '/api/truth',
    headers: { host, authorization: `Bearer ${token}` },
  })
  expect(response.statusCode).toBe(503)
  const { error, details } = response.json<ApiError>()
  expect(error.match(/Postgres/g)).toHaveLength(1)
  expect(details).toMatchObject({ counters: {}, unread: [{ source: 'Postgres' }] })
  await sandbox[Symbol.asyncDispose]()
})

test('refuses a foreign host name', async ({ app }) => {
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

test('accepts its own page', async ({ app }) => {
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
    expect(controller.calls).toEqual([])
  },
)

test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'refuses a change with content-type %s, which a form on any page can send',
  async (type, { app, controller }) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/faults',
      headers: { host, authorization, 'content-type': type },
      payload: '{"kind":"latency","target":"api-1:redis"}',
    })
    expect(response.statusCode).toBe(415)
    expect(controller.calls).toEqual([])
  },
)

test('injects a fault and responds 201 with it', async ({ app, controller }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 'api-1:redis', params: { latencyMs: 200 } },
  })
  expect(response.statusCode).toBe(201)
  expect(response.json()).toMatchObject({ id: 'latency-1' })
  expect(controller.calls).toEqual(['inject api-1:redis'])
})

test('the error for an unknown fault has the nearest name and all known names', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latenc', target: 'api-1:redis' },
  })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toEqual({
    error: expect.stringMatching(/"latenc".*"latency"/) as string,
    remedy: expect.stringContaining('latency') as string,
    status: 404,
  })
})

test('the error for an invalid field has its name, its value and a remedy', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 5 },
  })
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({
    error: expect.stringMatching(/body\.target.*5.*string/) as string,
    remedy: expect.stringContaining('/api/openapi.json') as string,
  })
})

test.for([
  [{ kind: 'latency', target: 'api-1:redis', lease: 5 }, /lease/],
  [{ kind: 'latency' }, /target/],
] as const)('the error for the body %j names the field', async ([payload, name], { app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload,
  })
  expect(response.statusCode).toBe(400)
  expect(response.json<{ error: string }>().error).toMatch(name)
})

test('the error for a word that is not allowed lists the allowed words', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/xrays',
    headers: { host, authorization },
    payload: { flow: 'place-order', mode: 'slow' },
  })
  expect(response.json<{ error: string }>().error).toMatch(/body\.mode.*"slow".*full.*quick/)
})

test('a lease longer than the maximum is refused', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/faults',
    headers: { host, authorization },
    payload: { kind: 'latency', target: 'api-1:redis', leaseMs: 600_001 },
  })
  expect(response.statusCode).toBe(400)
})

test('the response to DELETE /api/sandbox comes before the shutdown', async ({
  app,
  controller,
}) => {
  const response = await app.inject({
    method: 'DELETE',
    url: '/api/sandbox',
    headers: { host, authorization },
  })
  expect(response.statusCode).toBe(202)
  expect(controller.calls).toEqual(['shutDown'])
})

test('log lines are server-sent events, and the stream ends', async ({ app }) => {
  const response = await app.inject({
    url: '/api/instances/api-1/logs?tail=5',
    headers: { host, authorization },
  })
  expect(response.headers['content-type']).toBe('text/event-stream')
  expect(response.body).toContain('"text":"listening"')
})

test('an unknown instance is a 404, not an event stream', async ({ app }) => {
  const response = await app.inject({
    url: '/api/instances/api-9/logs',
    headers: { host, authorization },
  })
  expect(response.statusCode).toBe(404)
  expect(response.json<{ error: string }>().error).toContain('api-9')
})

test('a second prediction is a 409', async ({ app }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/labs/lab-zero/prediction',
    headers: { host, authorization },
    payload: { answer: 1, confidence: 80 },
  })
  expect(response.statusCode).toBe(409)
})

test('a lab check starts a run of that lab', async ({ app, controller }) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/labs/lab-zero/check',
    headers: { host, authorization },
    payload: { version: 'shop', seed: 7 },
  })
  expect(response.statusCode).toBe(202)
  expect(controller.calls).toEqual(['run {"lab":"lab-zero","version":"shop","seed":7}'])
})

test.for([[], ['x'.repeat(201)], 'silent', [5], Array.from({ length: 21 }, () => 'silent')])(
  'a lab check with the variants %j starts no run',
  async (variants, { app, controller }) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/labs/lab-zero/check',
      headers: { host, authorization },
      payload: { version: 'shop', variants },
    })
    expect(response.statusCode).toBe(400)
    expect(response.json<ApiError>().error).toContain('variants')
    expect(controller.calls).toEqual([])
  },
)

test('an unknown route is a 404 with a remedy', async ({ app }) => {
  const response = await app.inject({ url: '/api/nothing', headers: { host, authorization } })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({ status: 404, remedy: expect.any(String) as string })
})

test('every response matches the OpenAPI document', async ({ app }) => {
  const document = await app.inject({ url: '/api/openapi.json', headers: { host, authorization } })
  const { paths } = document.json<{ paths: Record<string, Record<string, Operation>> }>()
  const ajv = new Ajv({ strict: false })
  const reads = Object.entries(paths).filter(
    ([path]) => !path.includes('{') && path !== '/api/events',
  )
  expect(reads.length).toBeGreaterThan(5)
  for (const [path, { get }] of reads) {
    const schema = get?.responses['200']?.content?.['application/json']?.schema
    if (schema === undefined) continue
    const answer = await app.inject({ url: path, headers: { host, authorization } })
    expect(ajv.validate(schema, answer.json()), `${path}: ${ajv.errorsText()}`).toBe(true)
  }
})

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema?: object }> }>
}

test('without a built dashboard, / is a plain page', async ({ app }) => {
  const response = await app.inject({ url: '/', headers: { host, authorization } })
  expect(response.headers['content-type']).toContain('text/html')
  expect(response.body).toContain('unhappy status')
})

test('an X-ray is started and stopped, and one of its cells is read', async ({
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
  expect(controller.calls).toEqual(['xray place-order', `stop ${id}`])
  const cell = await app.inject({
    url: `/api/xrays/${id}/cells/s01/reply-cut`,
    headers: { host, authorization },
  })
  expect(cell.json()).toMatchObject({ id: 's01/reply-cut' })
})
