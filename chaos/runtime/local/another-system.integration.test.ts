import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { System } from '#chaos/contracts/system.ts'
import { prepareDatabase } from '#chaos/engine/prepare-database.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { LocalRuntime } from './local-runtime.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

/** One instance and one store, without a program for its database and without seams. */
const notes: Pick<System, 'name' | 'topology'> = {
  name: 'notes',
  topology: {
    instances: [{ name: 'notes-1', service: 'notes', main: 'services/api/main.ts', portOffset: 1 }],
    stores: [{ name: 'postgres', portOffset: 2 }],
    links: [
      {
        name: 'client:notes-1',
        caller: 'client',
        callee: 'notes-1',
        protocol: 'http',
        portOffset: 3,
      },
      {
        name: 'notes-1:postgres',
        caller: 'notes-1',
        callee: 'postgres',
        protocol: 'postgres',
        portOffset: 4,
      },
    ],
  },
}
const system = notes as System

let runtime: LocalRuntime
beforeAll(async () => {
  runtime = await startTinyRuntime({ system })
})
afterAll(async () => await runtime[Symbol.asyncDispose]())

test('a system with one instance and one store starts only these and the links', async () => {
  const status = await runtime.status()
  expect(status.map(({ name, state, seams }) => [name, state, seams])).toEqual([
    ['links', 'ready', undefined],
    ['postgres', 'ready', undefined],
    ['notes-1', 'ready', undefined],
  ])
})

test('its instance gets a database with the name of the system, through the link, and no other address', async () => {
  const response = await fetch(`${runtime.addresses.clientUrl('notes-1')}/environment`)
  const environment = (await response.json()) as Record<string, string>
  const port = runtime.addresses.port('notes-1:postgres')
  expect(environment['DATABASE_URL']).toBe(`postgres://notes:notes@127.0.0.1:${port}/notes`)
  expect(Object.keys(environment).filter((name) => name.endsWith('_URL'))).toEqual(['DATABASE_URL'])
  expect(await query(environment['DATABASE_URL'] ?? '', 'SELECT current_user AS name')).toEqual([
    { name: 'notes' },
  ])
})

test('reading the address of a store that it does not have is an error that names the store', () => {
  expect(() => runtime.addresses.redisUrl).toThrow(InputError)
  expect(() => runtime.addresses.redisUrl).toThrow('redis')
})

test('without a program for it, its database is empty after a preparation', async () => {
  const { databaseUrl } = runtime.addresses
  await query(databaseUrl, 'CREATE TABLE notes (text text)')
  const setup = { off: [], environment: {}, stock: {}, supervisor: supervisorOff }
  await prepareDatabase(system, databaseUrl, setup, new AbortController().signal)
  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
  expect(await query(databaseUrl, tables)).toEqual([])
  await query(databaseUrl, 'CREATE TABLE notes (text text)')
})

const supervisorOff = {
  restarts: false,
  livenessFailuresMax: 0,
  probeIntervalMs: 1_000,
  probeTimeoutMs: 1_000,
  restartDelayMs: 1_000,
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
