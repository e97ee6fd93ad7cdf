import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from '../testing/fake-controller.ts'

const authorization = 'Bearer t'

const note = (seq: number, run?: string): SandboxEvent => ({
  type: 'note',
  level: 'info',
  text: `note ${seq}`,
  seq,
  at: '2030-01-01T00:00:00.000Z',
  ms: seq,
  ...(run !== undefined && { run }),
})

async function open() {
  const controller = createFakeController()
  const app = await createApp({
    controller,
    token: 't',
    hosts: localHosts,
    version: '1',
    dashboardFolder: '/nowhere',
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { controller, url, [Symbol.asyncDispose]: async () => app.close() }
}

/** Reads `count` events and returns their ids. */
async function read(url: string, count: number, headers: Record<string, string> = {}) {
  const ended = new AbortController()
  const response = await fetch(url, {
    headers: { authorization, ...headers },
    signal: ended.signal,
  })
  let text = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    if (text.split('\nid: ').length > count || text.split('id: ').length > count) break
  }
  ended.abort()
  return [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
}

test('a reader that reconnects receives the events that it missed, each once', async () => {
  await using server = await open()
  for (const seq of [1, 2, 3, 4]) server.controller.publish(note(seq))
  const ids = await read(`${server.url}/api/events`, 2, { 'last-event-id': '2' })
  expect(ids).toEqual([3, 4])
})

test('a new reader receives only new events', async () => {
  await using server = await open()
  for (const seq of [1, 2, 3]) server.controller.publish(note(seq))
  const reading = read(`${server.url}/api/events`, 1)
  const publishing = setInterval(() => server.controller.publish(note(4)), 20)
  expect((await reading)[0]).toBe(4)
  clearInterval(publishing)
})

test('an event id of an earlier controller starts the stream at the beginning', async () => {
  await using server = await open()
  for (const seq of [1, 2]) server.controller.publish(note(seq))
  const ids = await read(`${server.url}/api/events`, 2, { 'last-event-id': '900' })
  expect(ids).toEqual([1, 2])
})

test('a reader of one run receives no event of another run', async () => {
  await using server = await open()
  server.controller.publish(note(1, 'a'))
  server.controller.publish(note(2, 'b'))
  server.controller.publish(note(3, 'a'))
  expect(await read(`${server.url}/api/events?run=a&after=0`, 2)).toEqual([1, 3])
})

test('the server closes while a stream is open', async () => {
  const server = await open()
  const response = await fetch(`${server.url}/api/events`, { headers: { authorization } })
  await server[Symbol.asyncDispose]()
  await expect(response.text()).rejects.toThrow('terminated')
})
