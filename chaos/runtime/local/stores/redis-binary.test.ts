import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import type { Keeper } from '../keeper/start-keeper.ts'
import { installRedis } from './redis-binary.ts'
import type { StoreSetup } from './store-setup.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'redis-binary-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('uses the first executable redis-server or valkey-server in PATH', async () => {
  const program = path.join(folder, 'valkey-server')
  writeFileSync(path.join(folder, 'redis-server'), 'not executable')
  writeFileSync(program, '#!/bin/sh\n')
  chmodSync(program, 0o755)
  expect(await installRedis(setup(`/nowhere:${folder}`))).toMatchObject({ command: program })
})

test('without a Redis, the error lists the attempts and how to install one', async () => {
  const error = await installRedis(setup('/nowhere')).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(InputError)
  expect(error).toHaveProperty('message', expect.stringContaining('No redis-server'))
  expect(error).toHaveProperty('message', expect.stringContaining('no network today'))
  expect(error).toHaveProperty('remedy', expect.stringContaining('docker compose up'))
})

/** Every helper fails, as on a machine without network. */
function setup(searchPath: string): StoreSetup {
  const keeper: Pick<Keeper, 'request'> = {
    request: async () => {
      throw new Error('no network today')
    },
  }
  return {
    keeper: keeper as Keeper,
    host: {
      platform: 'linux',
      uid: 1_000,
      temporaryFolder: folder,
      cacheFolder: undefined,
      path: searchPath,
      baseEnvironment: {},
      networkEnvironment: {},
    },
    cacheFolder: path.join(folder, 'cache'),
    stagingFolder: path.join(folder, 'staging'),
    user: undefined,
    databaseName: 'shop',
    progress: () => undefined,
  }
}
