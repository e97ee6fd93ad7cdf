import { afterEach, beforeEach, expect, test } from 'vitest'

import { runProxy, type RunningProxy } from './run-proxy.ts'
import { listenOn } from './testing/link-lab.ts'
import { type RawResponse, rawRequest } from './testing/raw-request.ts'

/** Toxiproxy's rules for endpoints, errors and fields. */
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

async function withProxyAndToxic(): Promise<void> {
  await ask('POST', '/proxies', given)
  await ask('POST', '/proxies/a/toxics', { type: 'latency', attributes: { latency: 100 } })
}

// Endpoints: method, path, body, status of the success.
test.each([
  ['GET', '/version', undefined, 200],
  ['GET', '/proxies', undefined, 200],
  ['POST', '/proxies', { ...given, name: 'b' }, 201],
  ['POST', '/populate', [{ ...given, name: 'b' }], 201],
  ['GET', '/proxies/a', undefined, 200],
  ['PATCH', '/proxies/a', { enabled: false }, 200],
  ['POST', '/proxies/a', { enabled: false }, 200],
  ['DELETE', '/proxies/a', undefined, 204],
  ['GET', '/proxies/a/toxics', undefined, 200],
  ['POST', '/proxies/a/toxics', { type: 'noop' }, 200],
  ['GET', '/proxies/a/toxics/latency_downstream', undefined, 200],
  ['PATCH', '/proxies/a/toxics/latency_downstream', { attributes: { latency: 1 } }, 200],
  ['POST', '/proxies/a/toxics/latency_downstream', { attributes: { latency: 1 } }, 200],
  ['DELETE', '/proxies/a/toxics/latency_downstream', undefined, 204],
  ['POST', '/reset', undefined, 204],
  ['GET', '/metrics', undefined, 200],
])('%s %s with %j succeeds with %i', async (method, path, body, status) => {
  await withProxyAndToxic()
  const answer = await ask(method, path, body)
  expect(answer.status).toBe(status)
  expect(answer.headers['x-toxiproxy-request-id']).toBeTruthy()
  expect(answer.text === '').toBe(status === 204)
})

// Unknown names are a 404 in JSON, unknown routes a 404 in plain text, wrong methods a 405 without a body.
test.each([
  ['GET', '/proxies/none', 404, 'proxy not found'],
  ['PATCH', '/proxies/none', 404, 'proxy not found'],
  ['POST', '/proxies/none', 404, 'proxy not found'],
  ['DELETE', '/proxies/none', 404, 'proxy not found'],
  ['GET', '/proxies/none/toxics', 404, 'proxy not found'],
  ['POST', '/proxies/none/toxics', 404, 'proxy not found'],
  ['GET', '/proxies/none/toxics/t', 404, 'proxy not found'],
  ['GET', '/proxies/a/toxics/none', 404, 'toxic not found'],
  ['PATCH', '/proxies/a/toxics/none', 404, 'toxic not found'],
  ['POST', '/proxies/a/toxics/none', 404, 'toxic not found'],
  ['DELETE', '/proxies/a/toxics/none', 404, 'toxic not found'],
])('%s %s is %i %s', async (method, path, status, error) => {
  await withProxyAndToxic()
  const answer = await ask(method, path, ['POST', 'PATCH'].includes(method) ? '{}' : undefined)
  expect(answer.status).toBe(status)
  expect(answer.text).toBe(`${JSON.stringify({ error, status })}\n`)
  expect(answer.headers['content-type']).toBe('application/json')
})

test.each(['/nothing', '/proxies/', '/proxies/a/', '/version/', '/'])(
  'the unknown path %s is a 404 in plain text',
  async (path) => {
    await withProxyAndToxic()
    const answer = await ask('GET', path)
    expect(answer).toMatchObject({ status: 404, text: '404 page not found\n' })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  },
)

test.each([
  ['PUT', '/proxies'],
  ['HEAD', '/proxies'],
  ['OPTIONS', '/proxies/a'],
  ['GET', '/reset'],
  ['DELETE', '/version'],
  ['PUT', '/proxies/a/toxics/t'],
])('%s %s is a 405 without a body', async (method, path) => {
  const answer = await ask(method, path)
  expect(answer).toMatchObject({ status: 405, text: '' })
  expect(answer.headers['allow']).toBeUndefined()
})

// Invalid bodies.
test.each([
  ['/proxies', '', 'bad request body: EOF'],
  ['/proxies', '{"name":', 'bad request body: unexpected EOF'],
  [
    '/proxies',
    '{bad}',
    "bad request body: invalid character 'b' looking for beginning of object key string",
  ],
  ['/proxies', 'x', "bad request body: invalid character 'x' looking for beginning of value"],
  [
    '/proxies',
    '{"name":"a" 1}',
    "bad request body: invalid character '1' after object key:value pair",
  ],
  ['/proxies', '{"name" "a"}', `bad request body: invalid character '"' after object key`],
  [
    '/proxies',
    '[]',
    'bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy',
  ],
  [
    '/proxies',
    '{"name":1}',
    'bad request body: json: cannot unmarshal number into Go struct field Proxy.name of type string',
  ],
  [
    '/proxies',
    '{"name":"b","upstream":"x:1","enabled":"yes"}',
    'bad request body: json: cannot unmarshal string into Go struct field Proxy.enabled of type bool',
  ],
  ['/proxies', '{}', 'missing required field: name'],
  ['/proxies', 'null', 'missing required field: name'],
  ['/proxies', '{"name":"b"}', 'missing required field: upstream'],
  ['/proxies/a/toxics', '', 'bad request body: EOF'],
  [
    '/proxies/a/toxics',
    '{"type":"latency","stream":"sideways"}',
    'stream was invalid, can be either upstream or downstream',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"latency","stream":""}',
    'stream was invalid, can be either upstream or downstream',
  ],
  ['/proxies/a/toxics', '{"type":"down"}', 'invalid toxic type'],
  ['/proxies/a/toxics', '{}', 'invalid toxic type'],
  [
    '/proxies/a/toxics',
    '{"type":"latency","name":"n","attributes":{"latency":1.5}}',
    'bad request body: json: cannot unmarshal number 1.5 into Go struct field LatencyToxic.attributes.latency of type int64',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"limit_data","attributes":{"bytes":"10"}}',
    'bad request body: json: cannot unmarshal string into Go struct field LimitDataToxic.attributes.bytes of type int64',
  ],
  // Deviations: Toxiproxy accepts these values and then crashes or behaves wrongly.
  ['/proxies', '{"name":"a/b","upstream":"x:1"}', 'name: must not contain "/", got "a/b"'],
  [
    '/proxies',
    '{"name":"b","upstream":"x:1","protocol":"smtp"}',
    'protocol: must be one of http, postgres, redis, got "smtp"',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"latency","name":"n","toxicity":5}',
    'toxicity: must be between 0 and 1, got 5',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"latency","name":"n","toxicity":-1}',
    'toxicity: must be between 0 and 1, got -1',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"latency","name":"n","attributes":{"latency":-5}}',
    'attributes.latency: must be at least 0, got -5',
  ],
  ['/proxies/a/toxics', '{"type":"slicer"}', 'attributes.average_size: must be at least 1, got 0'],
  [
    '/proxies/a/toxics',
    '{"type":"latency","name":"n","attributes":{"distribution":"pareto"}}',
    'attributes.distribution: must be one of uniform, normal, got "pareto"',
  ],
  [
    '/proxies/a/toxics',
    '{"type":"noop","expiresInMs":0}',
    'expiresInMs: must be above 0 and at most 2147483647, got 0',
  ],
])('POST %s with %s is a 400: %s', async (path, body, error) => {
  await withProxyAndToxic()
  const answer = await ask('POST', path, body)
  expect(answer).toMatchObject({ status: 400, body: { error, status: 400 } })
})

test('a name that already exists is a 409', async () => {
  await withProxyAndToxic()
  expect(await ask('POST', '/proxies', given)).toMatchObject({
    status: 409,
    body: { error: 'proxy already exists', status: 409 },
  })
  // Toxic names are unique over both streams.
  const body = { type: 'noop', name: 'latency_downstream', stream: 'upstream' }
  expect(await ask('POST', '/proxies/a/toxics', body)).toMatchObject({
    status: 409,
    body: { error: 'toxic already exists', status: 409 },
  })
})

test('a listener that cannot start is a 500 with the reason', async () => {
  await using taken = await listenOn(() => {})
  expect(await ask('POST', '/proxies', { ...given, listen: taken.address })).toMatchObject({
    status: 500,
    body: { error: `listen tcp ${taken.address}: bind: address already in use` },
  })
  expect((await ask('GET', '/proxies')).text).toBe('{}')
  expect(await ask('POST', '/proxies', { ...given, listen: 'local373' })).toMatchObject({
    status: 500,
    body: { error: 'listen tcp: address local373: missing port in address' },
  })
  await ask('POST', '/proxies', given)
  expect(await ask('PATCH', '/proxies/a', { listen: 'bogus' })).toMatchObject({
    status: 500,
    body: { error: 'address bogus: missing port in address' },
  })
})

test('version, proxy and toxic have the fields of Toxiproxy', async () => {
  const version = await ask('GET', '/version')
  expect(version.headers['content-type']).toBe('application/json;charset=utf-8')
  expect(version.text).toMatch(/^\{"version": "2\.\d+\.\d+"\}\n$/)
  expect((await ask('GET', '/proxies')).text).toBe('{}')

  const made = await ask('POST', '/proxies', given)
  expect(made.headers['content-type']).toBe('application/json')
  expect(made.body).toEqual({
    name: 'a',
    listen: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    upstream: 'localhost:19999',
    enabled: true,
    toxics: [],
  })
  const toxic = await ask('POST', '/proxies/a/toxics', {
    type: 'bandwidth',
    attributes: { rate: 7 },
  })
  expect(toxic.text).toBe(
    '{"attributes":{"rate":7},"name":"bandwidth_downstream","type":"bandwidth","stream":"downstream","toxicity":1}',
  )
  expect((await ask('GET', '/proxies')).body).toMatchObject({ a: { toxics: [toxic.body] } })
})

test('keys may be in any case; unknown keys and the content type are ignored', async () => {
  const body = '{"NAME":"c","Upstream":"x:1","LISTEN":"127.0.0.1:0","colour":"red"} trailing'
  const headers = { 'content-type': 'text/plain' }
  const answer = await rawRequest(proxy.url, 'POST', '/proxies', { body, headers })
  expect(answer).toMatchObject({ status: 201, body: { name: 'c', upstream: 'x:1' } })
})

test('listen may be absent, empty or null; a host name becomes an address when the proxy starts', async () => {
  for (const [name, listen] of Object.entries({ none: undefined, empty: '', nothing: null })) {
    const { body } = await ask('POST', '/proxies', { name, listen, upstream: 'x:1' })
    // Toxiproxy would listen on every interface; this data plane listens on this machine only.
    expect(body).toMatchObject({ listen: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string })
  }
  const host = await ask('POST', '/proxies', {
    name: 'host',
    listen: 'localhost:0',
    upstream: 'x:1',
  })
  expect(host.body).toMatchObject({
    listen: expect.stringMatching(/^(127\.0\.0\.1|\[::1\]):\d+$/) as string,
  })
  const off = { name: 'off', listen: 'localhost:23456', upstream: 'x:1', enabled: false }
  expect((await ask('POST', '/proxies', off)).body).toMatchObject({
    listen: 'localhost:23456',
    enabled: false,
  })
})

test('enabled null means true; a name in an update is ignored', async () => {
  expect((await ask('POST', '/proxies', { ...given, enabled: null })).body).toMatchObject({
    enabled: true,
  })
  expect((await ask('PATCH', '/proxies/a', { name: 'z' })).body).toMatchObject({ name: 'a' })
})

test('an update without a change keeps the listener; an update that cannot listen leaves the proxy disabled', async () => {
  await using taken = await listenOn(() => {})
  const { body: before } = await ask('POST', '/proxies', given)
  expect((await ask('PATCH', '/proxies/a', before)).body).toEqual(before)
  expect((await ask('PATCH', '/proxies/a', { listen: taken.address })).status).toBe(500)
  expect((await ask('GET', '/proxies/a')).body).toMatchObject({
    listen: taken.address,
    enabled: false,
  })
})

test('toxics have the defaults, the order and the update rules of Toxiproxy', async () => {
  await ask('POST', '/proxies', given)
  expect((await ask('POST', '/proxies/a/toxics', { type: 'latency' })).body).toEqual({
    attributes: {
      latency: 0,
      jitter: 0,
      distribution: 'uniform',
      delay_connect: false,
      delay_close: false,
    },
    name: 'latency_downstream',
    type: 'latency',
    stream: 'downstream',
    toxicity: 1,
  })
  expect(
    (await ask('POST', '/proxies/a/toxics', { type: 'latency', stream: 'UPSTREAM' })).body,
  ).toMatchObject({
    name: 'latency_UPSTREAM',
    stream: 'UPSTREAM',
  })
  await ask('POST', '/proxies/a/toxics', { type: 'noop', stream: 'upstream', toxicity: 0.5 })
  const listed = (await ask('GET', '/proxies/a/toxics')).body as { name: string }[]
  expect(listed.map(({ name }) => name)).toEqual([
    'latency_UPSTREAM',
    'noop_upstream',
    'latency_downstream',
  ])

  const change = { type: 'bandwidth', stream: 'downstream', name: 'x', attributes: { JITTER: 3 } }
  expect((await ask('PATCH', '/proxies/a/toxics/latency_UPSTREAM', change)).body).toMatchObject({
    name: 'latency_UPSTREAM',
    type: 'latency',
    stream: 'UPSTREAM',
    attributes: { latency: 0, jitter: 3 },
  })
  const nothing = await ask('POST', '/proxies/a/toxics/noop_upstream', { attributes: null })
  expect(nothing.body).toMatchObject({ toxicity: 0.5 })
})

test('toxics can be added to a disabled proxy, and stay when it is enabled and disabled', async () => {
  await ask('POST', '/proxies', { ...given, enabled: false })
  await ask('POST', '/proxies/a/toxics', { type: 'noop' })
  await ask('PATCH', '/proxies/a', { enabled: true })
  await ask('PATCH', '/proxies/a', { enabled: false })
  expect((await ask('GET', '/proxies/a')).body).toMatchObject({
    toxics: [{ name: 'noop_downstream' }],
  })
})

test('populate creates no proxy of an invalid list, and the proxies before a failure of a valid list', async () => {
  expect((await ask('POST', '/populate', [])).text).toBe('{"proxies":null}')
  const invalid = [given, { listen: '127.0.0.1:0' }]
  expect(await ask('POST', '/populate', invalid)).toMatchObject({
    status: 400,
    body: { error: 'missing required field: name at proxy 2', status: 400, proxies: null },
  })
  expect((await ask('GET', '/proxies')).text).toBe('{}')
  await using taken = await listenOn(() => {})
  const failing = [given, { name: 'b', listen: taken.address, upstream: 'x:1' }]
  expect(await ask('POST', '/populate', failing)).toMatchObject({
    status: 500,
    body: { status: 500, proxies: [{ name: 'a' }] },
  })
  expect(Object.keys((await ask('GET', '/proxies')).body as object)).toEqual(['a'])
})

test('populate keeps an equal proxy with its toxics, and replaces a different proxy', async () => {
  const { body } = await ask('POST', '/proxies', given)
  const { listen } = body as { listen: string }
  await ask('POST', '/proxies/a/toxics', { type: 'noop' })
  await ask('PATCH', '/proxies/a', { enabled: false })
  const same = [{ ...given, listen, enabled: true }]
  expect((await ask('POST', '/populate', same)).body).toMatchObject({
    proxies: [{ name: 'a', enabled: false, toxics: [{ name: 'noop_downstream' }] }],
  })
  const different = [{ ...given, listen, upstream: 'other:1' }]
  expect((await ask('POST', '/populate', different)).body).toMatchObject({
    proxies: [{ upstream: 'other:1', enabled: true, toxics: [] }],
  })
})
