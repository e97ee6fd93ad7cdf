import { once } from 'node:events'
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platform } from 'node:process'

import { expect, test as base } from 'vitest'

import { listenOnSocket } from '#chaos/lib/http/listen-on-socket.ts'

import { connectSeat } from './connect-seat.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-seat-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

test.runIf(platform === 'linux')('connects to the socket of a seat', async ({ folder }) => {
  const path = join(folder, 'http.sock')
  await using _server = await listenOnSocket(path, (socket) => socket.end('the seat'))
  const socket = connectSeat(path)
  const [data] = (await once(socket, 'data')) as [Buffer]
  expect(String(data)).toBe('the seat')
  socket.destroy()
})

test.runIf(platform === 'linux')(
  'refuses a link to another socket, also one that replaces the socket later',
  async ({ folder }) => {
    const [path, engine] = [join(folder, 'http.sock'), join(folder, 'docker.sock')]
    const reached: unknown[] = []
    await using _engine = await listenOnSocket(engine, (socket) => reached.push(socket))
    await using _seat = await listenOnSocket(path, (socket) => socket.end())
    connectSeat(path).destroy()
    await symlink(engine, join(folder, 'link'))
    await rename(join(folder, 'link'), path)
    expect(() => connectSeat(path)).toThrow('was replaced')
    await rm(path)
    await writeFile(path, '')
    expect(() => connectSeat(path)).toThrow('was replaced')
    expect(reached).toEqual([])
  },
)

test.runIf(platform === 'linux')(
  'the connection goes to the socket that was checked, even if the name leads elsewhere by then',
  async ({ folder }) => {
    const [path, engine] = [join(folder, 'http.sock'), join(folder, 'docker.sock')]
    const reached: string[] = []
    await using _engine = await listenOnSocket(engine, () => reached.push('engine'))
    const seat = createServer((socket) => socket.end('the seat')).listen({ path })
    await once(seat, 'listening')
    const socket = connectSeat(path)
    await symlink(engine, join(folder, 'link'))
    await rename(join(folder, 'link'), path)
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect([String(data), reached]).toEqual(['the seat', []])
    socket.destroy()
    seat.close()
  },
)
