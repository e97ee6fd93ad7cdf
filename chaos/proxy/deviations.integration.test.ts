import { afterEach, beforeEach, expect, test } from 'vitest'

import { runProxy, type RunningProxy } from './run-proxy.ts'
import { listenOn } from './testing/link-lab.ts'
import { type RawResponse, rawRequest } from './testing/raw-request.ts'

/** Deliberate deviations from Toxiproxy; the rules that stay the same are in conformance.integration.test.ts. */
let proxy: RunningProxy

beforeEach(async () => {
  proxy = await runProxy({ port: 0, seed: 1 })
})

afterEach(() => proxy[Symbol.asyncDispose]())

const ask = (method: string, path: string, body?: unknown): Promise<RawResponse> =>
  rawRequest(
    proxy.url,
    method,
    path,
    body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) },
  )

const given = { name: 'a', listen: '127.0.0.1:0', upstream: 'localhost:19999' }

test('a new proxy and populate accept toxics; an invalid toxic creates no proxy', async () => {
  const toxics = [{ type: 'latency', attributes: { latency: 5 }, stream: 'upstream' }]
  expect((await ask('POST', '/proxies', { ...given, toxics })).body).toMatchObject({
    toxics: [{ name: 'latency_upstream', attributes: { latency: 5 } }],
  })
  expect((await ask('POST', '/populate', [{ ...given, name: 'b', toxics }])).body).toMatchObject({
    proxies: [{ toxics: [{ name: 'latency_upstream' }] }],
  })
  const broken = { ...given, name: 'c', toxics: [{ type: 'nonsense' }] }
  expect((await ask('POST', '/proxies', broken)).status).toBe(400)
  expect((await ask('GET', '/proxies/c')).status).toBe(404)
})

test('reset reaches every proxy and reports the failures', async () => {
  await using taken = await listenOn(() => {})
  for (const name of ['a', 'b', 'c']) {
    await ask('POST', '/proxies', { ...given, name })
    await ask('POST', `/proxies/${name}/toxics`, { type: 'noop' })
    await ask('PATCH', `/proxies/${name}`, { enabled: false })
  }
  await ask('PATCH', '/proxies/a', { listen: taken.address })
  const answer = await ask('POST', '/reset')
  expect(answer.status).toBe(500)
  expect(answer.body).toMatchObject({
    failed: [{ link: 'a', error: expect.stringContaining('address already in use') as string }],
  })
  const proxies = (await ask('GET', '/proxies')).body as Record<
    string,
    { enabled: boolean; toxics: [] }
  >
  expect(proxies['a']).toMatchObject({ enabled: false, toxics: [] })
  expect(proxies['b']).toMatchObject({ enabled: true, toxics: [] })
  expect(proxies['c']).toMatchObject({ enabled: true, toxics: [] })
})

test('a name with any character except / can be addressed', async () => {
  const name = 'api-1:postgres ü?#'
  await ask('POST', '/proxies', { ...given, name })
  expect((await ask('GET', `/proxies/${encodeURIComponent(name)}`)).body).toMatchObject({ name })
  await ask('POST', '/proxies', { ...given, name: 'api-1:redis' })
  expect((await ask('GET', '/proxies/api-1:redis')).status).toBe(200)
})

// Pages are allowed by their origin. Toxiproxy refuses all browsers.
test.each([
  [{ 'user-agent': 'Mozilla/5.0' }, 200],
  [{ 'user-agent': 'Mozilla/5.0', origin: 'http://localhost:3000' }, 200],
  [{ 'user-agent': 'Mozilla/5.0', origin: 'http://127.0.0.1:20000' }, 200],
  [{ 'user-agent': 'Mozilla/5.0', origin: 'https://evil.example' }, 403],
  [{ 'user-agent': 'Mozilla/5.0', origin: 'null' }, 403],
  [{ 'user-agent': 'Mozilla/5.0', host: 'rebound.example:8474' }, 403],
  [{ 'user-agent': 'Mozilla/5.0', host: 'rebound.example', origin: 'http://rebound.example' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ 'user-agent': 'curl/8', host: 'proxy:8474' }, 200],
])('a request with %j receives %i', async (headers, status) => {
  expect((await rawRequest(proxy.url, 'GET', '/proxies', { headers })).status).toBe(status)
})

test('the preflight request of an allowed page succeeds', async () => {
  const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'PATCH' }
  const answer = await rawRequest(proxy.url, 'OPTIONS', '/proxies/a', { headers })
  expect(answer.status).toBe(204)
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'http://localhost:3000' })
})

test.each(['[', '{"a":'])('60000 levels of %s are a 400 with the text of Go', async (open) => {
  const answer = await ask('POST', '/proxies', open.repeat(60_000))
  expect([answer.status, answer.body]).toEqual([
    400,
    { error: `bad request body: invalid character '${open[0]}' exceeded max depth`, status: 400 },
  ])
})

test('texts and lists beyond their bounds are a 400 with the bound and the size', async () => {
  await ask('POST', '/proxies', given)
  const toxics = Array.from({ length: 101 }, (_, i) => ({ name: `t${i}`, type: 'noop' }))
  const long = 'x'.repeat(1_001)
  const answers = [
    await ask('POST', '/proxies', { ...given, name: long }),
    await ask('POST', '/proxies', { ...given, name: 'b', toxics }),
    await ask(
      'POST',
      '/populate',
      Array.from({ length: 1_001 }, () => given),
    ),
    await ask('POST', '/taps', { links: Array.from({ length: 1_001 }, () => 'a'), expiresInMs: 1 }),
    await ask('POST', '/proxies/a/toxics', {
      type: 'http_error',
      attributes: { body: 'x'.repeat(10_001) },
    }),
  ]
  expect(answers.map(({ status, body }) => [status, (body as { error: string }).error])).toEqual([
    [400, 'name: must have at most 1000 characters, got 1001'],
    [400, 'toxics: must have at most 100 entries, got 101'],
    [400, 'proxies: must have at most 1000 entries, got 1001'],
    [400, 'links: must have at most 1000 entries, got 1001'],
    [400, 'attributes.body: must have at most 10000 characters, got 10001'],
  ])
})
