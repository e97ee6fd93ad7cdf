import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { homeAt } from '#chaos/home/home.ts'
import { writeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { formatSpace } from '#chaos/lib/process-space.ts'

// Loaded here, so loading takes no test's time.
import '../commands/up.ts'
import { runInProcess } from '../testing/in-process.ts'
import { isGoneWithin } from './is-gone.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const startedAt = '2030-01-01T00:00:00.000Z'
const file: Omit<SandboxFile, 'url'> = {
  slot: 0,
  // A process of another program: nothing may end it.
  pid: process.pid,
  token: 'secret',
  runtime: 'local',
  startedAt,
  ephemeral: false,
}

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = await mkdtemp(join(tmpdir(), 'unhappy-silent-'))
    onCleanup(async () => rm(home, { recursive: true }))
    return home
  })
  .extend('controller', async ({ home }, { onCleanup }) => {
    const behaviour: { listener: Listener } = { listener: () => undefined }
    const server = createServer((request, response) => behaviour.listener(request, response))
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const close = async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    onCleanup(close)
    await writeSandboxFile(homeAt(home).sandboxes, { ...file, url })
    return {
      close,
      url,
      hasFile: () => existsSync(join(homeAt(home).sandboxes, '0.json')),
      does: (listener: Listener) => {
        behaviour.listener = listener
      },
    }
  })

const respond =
  (status: number, body: unknown): Listener =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body))

const silent: readonly (readonly [string, Listener])[] = [
  ['responds with 500', respond(500, { error: 'out of memory', status: 500 })],
  ['responds with 404', respond(404, { error: 'no such route', status: 404 })],
  ['closes the connection', (request) => void request.socket.destroy()],
  ['responds as another program', respond(200, { hello: 'world' })],
]

test.for(silent)(
  'a sandbox that %s is silent: its file stays, and no second one starts',
  async ([, listener], { home, controller }) => {
    controller.does(listener)
    const status = await runInProcess(['status'], { home })
    expect(status).toMatchObject({ status: 2, stderr: expect.stringMatching(/Sandbox 0 does not/) })
    for (const args of [['up'], ['up', '--another', '--sandbox', '0'], ['halt'], ['truth']]) {
      const { status: exit, stderr } = await runInProcess(args, { home })
      expect({ args, exit }).toEqual({ args, exit: 3 })
      expect(stderr.match(/Sandbox 0 does not respond/g)).toHaveLength(1)
      expect(stderr).toContain('unhappy down --sandbox 0')
    }
    expect(controller.hasFile()).toBe(true)
  },
)

test('a sandbox is gone if nothing listens at its address', async ({ home, controller }) => {
  await controller.close()
  expect(await runInProcess(['status'], { home })).toMatchObject({ status: 2 })
  expect(controller.hasFile()).toBe(false)
})

const elsewhere = formatSpace({ machine: 'other', boot: 'other', pids: '1' })

test('the file of another container stays, whatever listens at its address, and nothing ends its process', async ({
  home,
  controller,
}) => {
  const { sandboxes } = homeAt(home)
  for (const listener of [undefined, respond(200, { startedAt: '2031-01-01T00:00:00.000Z' })]) {
    if (listener !== undefined) controller.does(listener)
    await writeSandboxFile(sandboxes, {
      ...file,
      url: listener === undefined ? 'http://127.0.0.1:1' : controller.url,
      processSpace: elsewhere,
    })
    for (const args of [['status'], ['down', '--all']]) {
      const { stderr } = await runInProcess(args, { home })
      expect(stderr).toContain(join(sandboxes, '0.json'))
      expect(stderr).not.toContain(`process ${process.pid}`)
      expect(controller.hasFile()).toBe(true)
    }
  }
})

test('in another container, the end of the file is the end of the controller', async ({ home }) => {
  const { sandboxes } = homeAt(home)
  // Here this process has that id, and it does not end.
  const other = { ...file, url: 'http://127.0.0.1:1', processSpace: elsewhere }
  await writeSandboxFile(sandboxes, other)
  const cli = { clock: systemClock, signal: new AbortController().signal }
  const sandbox = { file: other, folder: sandboxes }
  expect(await isGoneWithin(cli, sandbox, 100)).toBe(false)
  await rm(join(sandboxes, '0.json'))
  expect(await isGoneWithin(cli, sandbox, 100)).toBe(true)
})

test('a sandbox is gone if another controller listens at its address', async ({
  home,
  controller,
}) => {
  controller.does(respond(200, { startedAt: '2031-01-01T00:00:00.000Z', slot: 0, pid: 1 }))
  expect(await runInProcess(['status'], { home })).toMatchObject({ status: 2 })
  expect(controller.hasFile()).toBe(false)
})

test('down removes the file of a silent sandbox whose process belongs to another program, and leaves that process', async ({
  home,
  controller,
}) => {
  controller.does(respond(500, {}))
  const { status, stderr } = await runInProcess(['down'], { home })
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stderr).toContain(`${process.pid}`)
  expect(controller.hasFile()).toBe(false)
})

test('truth prints what can be read, and the cause once', async ({ home, controller }) => {
  const unread = [{ source: 'Postgres', error: 'it does not respond' }]
  controller.does((request, response) => {
    const answer =
      request.url === '/api/alive'
        ? respond(200, { startedAt, slot: 0, pid: 1 })
        : respond(503, {
            error: 'Postgres cannot be read',
            status: 503,
            details: { counters: { charged: 7, queueWaiting: 2 }, unread },
          })
    answer(request, response)
  })
  const { status, stdout, stderr } = await runInProcess(['truth'], { home })
  expect(status).toBe(2)
  expect(stdout).toMatch(/captured charges +7/)
  expect(stdout).toMatch(/orders +unknown/)
  expect(stderr.match(/Postgres/g)).toHaveLength(1)
  expect(stderr.match(/does not respond/g)).toHaveLength(1)
  const json = await runInProcess(['truth', '--json'], { home })
  expect(json.status).toBe(2)
  expect(JSON.parse(json.stdout)).toEqual({ charged: 7, queueWaiting: 2, unread })
})
