import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createProfiles } from '#chaos/engine/profiles.ts'
import type { Profiles } from '#chaos/engine/profiles.ts'
import { withPostgres } from '#chaos/faults/lib/postgres.ts'
import { withRedis } from '#chaos/faults/lib/redis.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { system } from '#chaos/system.ts'

import { redisUrlAt } from './addresses.ts'
import type { LocalRuntime } from './local-runtime.ts'
import { dataFolder } from './sandbox-folder.ts'
import { databaseUrlAt } from './stores/postgres.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

let runtime: LocalRuntime
let profiles: Profiles

beforeAll(async () => {
  runtime = await startTinyRuntime()
  const links = createLinkControl(runtime.addresses.proxyUrl)
  const { topology } = system
  profiles = createProfiles({ topology, runtime, links, environmentOf: () => ({}) })
})
afterAll(async () => await runtime[Symbol.asyncDispose]())

const user = { holder: 'user' } as const

test('a profile runs its store, and nothing of it is left when it is off', async () => {
  const port = (name: string) => runtime.addresses.port(name)
  const folder = path.join(dataFolder(runtime.folder), 'redis-replica')
  expect(await names()).not.toContain('redis-replica')
  expect(existsSync(folder)).toBe(false)

  await profiles.hold('redis-replica', user)
  expect(await names()).toContain('redis-replica')
  await withRedis(runtime.addresses.redisUrl, async (redis) => {
    await redis.set('a', '1')
    expect(await redis.wait(1, 2_000)).toBe(1)
  })
  const replica = redisUrlAt(port('redis-replica'))
  await withRedis(replica, async (redis) => {
    expect(await redis.get('a')).toBe('1')
    expect((await redis.role()).slice(0, 3)).toEqual(['slave', '127.0.0.1', port('redis')])
  })
  // After a crash it receives its data from the primary again.
  await runtime.kill('redis-replica', { by: 'user' })
  await runtime.start('redis-replica', { by: 'user' })
  await withRedis(replica, async (redis) => {
    await expect.poll(async () => await redis.get('a')).toBe('1')
  })

  await profiles.release('redis-replica', user)
  expect(await names()).not.toContain('redis-replica')
  expect(existsSync(folder)).toBe(false)
  expect(await listens(port('redis-replica'))).toBe(false)
})

test('a link of a profile listens, and its caller has the variable, only while it is on', async () => {
  const port = runtime.addresses.port('payments:api-1')
  expect(await listens(port)).toBe(false)
  const { pid } = await statusOf('worker-1')

  await profiles.hold('callbacks', user)
  expect(await listens(port)).toBe(true)
  expect(await environmentOf('payments')).toContain(`CALLBACK_URL=http://127.0.0.1:${port}`)
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`)
  expect(response.status).toBe(200)

  await profiles.release('callbacks', user)
  expect(await listens(port)).toBe(false)
  expect(await environmentOf('payments')).not.toContain('CALLBACK_URL')
  // Only the instances that use the profile have restarted.
  expect((await statusOf('worker-1')).pid).toBe(pid)
})

test('a replica of Postgres receives what the primary commits, and refuses writes', async () => {
  const { addresses } = runtime
  const name = 'postgres-replica'
  const url = databaseUrlAt(addresses.port(name), system.name)
  const folder = path.join(dataFolder(runtime.folder), name)
  await withPostgres(addresses.databaseUrl, (primary) =>
    primary.query('CREATE TABLE copied AS SELECT 1 AS n'),
  )
  await profiles.hold(name, user)
  const count = 'SELECT count(*)::integer AS n FROM copied'
  await withPostgres(addresses.databaseUrl, async (primary) => {
    await primary.query('INSERT INTO copied VALUES (2)')
    await withPostgres(url, async (replica) => {
      await expect.poll(async () => (await replica.query(count)).rows).toEqual([{ n: 2 }])
      await expect(replica.query('INSERT INTO copied VALUES (3)')).rejects.toMatchObject({
        code: '25006',
      })
    })
    await runtime.kill(name, { by: 'user' })
    await primary.query('INSERT INTO copied VALUES (3)')
  })
  // After a crash it receives what it missed.
  await runtime.start(name, { by: 'user' })
  await withPostgres(url, async (replica) => {
    await expect.poll(async () => (await replica.query(count)).rows).toEqual([{ n: 3 }])
  })
  const memory = sharedMemoryIn(folder)
  expect(sharedMemoryIds()).toContain(memory)
  await profiles.release(name, user)
  expect(existsSync(folder)).toBe(false)
  expect(sharedMemoryIds()).not.toContain(memory)
  // The primary does not wait for it and keeps nothing for it.
  await withPostgres(addresses.databaseUrl, (primary) => primary.query('DROP TABLE copied'))
})

/** The id of the System V shared memory of a running Postgres. */
function sharedMemoryIn(folder: string): string {
  const line = readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[6]
  return line?.trim().split(/\s+/)[1] ?? ''
}

function sharedMemoryIds(): readonly string[] {
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n')
  return lines.map((line) => line.trim().split(/\s+/)[1] ?? '')
}

async function names(): Promise<string[]> {
  return (await runtime.status()).map(({ name }) => name)
}

async function statusOf(name: string) {
  const status = (await runtime.status()).find((one) => one.name === name)
  if (status === undefined) throw new Error(`no ${name}`)
  return status
}

async function environmentOf(name: string): Promise<string> {
  const { pid } = await statusOf(name)
  return await readFile(`/proc/${pid}/environ`, 'utf8')
}

async function listens(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
  })
}
