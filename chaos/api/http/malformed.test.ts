import { connect } from 'node:net'

import { expect, test as base } from 'vitest'

import type { ApiError } from '#chaos/contracts/api.ts'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts } from './guard-requests.ts'

const host = '127.0.0.1:20000'
const headers = { host, authorization: 'Bearer secret', 'content-type': 'application/json' }

const test = base.extend('app', async ({}, { onCleanup }) => {
  const app = await createApp({
    controller: createFakeController(),
    token: 'secret',
    hosts: localHosts,
    version: '1',
    dashboardFolder: '/nowhere',
  })
  onCleanup(async () => app.close())
  return app
})

/** Sends bytes on a connection and returns the whole response. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.end(bytes)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

test.each([
  ['[', ']'],
  ['{"params":', '}'],
])('a body of 20000 levels of %s is a 400 with the bound', async (open, close) => {
  const app = await createApp({
    controller: createFakeController(),
    token: 'secret',
    hosts: localHosts,
    version: '1',
    dashboardFolder: '/nowhere',
  })
  const payload = `${open.repeat(20_000)}1${close.repeat(20_000)}`
  const response = await app.inject({ method: 'POST', url: '/api/faults', headers, payload })
  await app.close()
  expect(response.statusCode).toBe(400)
  expect(response.json<ApiError>()).toMatchObject({
    error: expect.stringMatching(/20000.*100/) as string,
    remedy: expect.any(String) as string,
  })
})

test('broken JSON, a wrong % and a long name receive a remedy and a short message', async ({
  app,
}) => {
  const long = `/api/labs/${'x'.repeat(5_000)}`
  const responses = [
    await app.inject({ method: 'POST', url: '/api/faults', headers, payload: '{' }),
    await app.inject({ method: 'GET', url: '/api/labs/%zz', headers }),
    await app.inject({ method: 'GET', url: long, headers }),
    await app.inject({
      method: 'POST',
      url: '/api/faults',
      headers,
      payload: { ['k'.repeat(9_000)]: 1, kind: 'a', target: 'b' },
    }),
  ]
  expect(responses.map(({ statusCode }) => statusCode)).toEqual([400, 400, 414, 400])
  for (const response of responses) {
    const { error, remedy, status } = response.json<ApiError>()
    expect(error.length).toBeLessThan(300)
    expect([status, typeof remedy]).toEqual([response.statusCode, 'string'])
  }
})

test('bytes that are not HTTP, and an unknown expect, receive an error of the API', async ({
  app,
}) => {
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const answers = [
    await send(port, 'nonsense\r\n\r\n'),
    await send(port, `GET / HTTP/1.1\r\nhost: ${host}\r\nx: ${'h'.repeat(20_000)}\r\n\r\n`),
    await send(port, `GET / HTTP/1.1\r\nhost: ${host}\r\nexpect: x\r\nconnection: close\r\n\r\n`),
  ]
  const bodies = answers.map((text) => /\{.*\}/.exec(text)?.[0] ?? 'null')
  expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual(
    [400, 431, 417].map((status) => ({
      status,
      error: expect.any(String) as string,
      remedy: expect.any(String) as string,
    })),
  )
})
