import pino from 'pino'
import { expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { openMuteLink } from '#services/test/mute-link.ts'

import { readDatabaseConfig } from '../config/database-config.ts'
import { readEnvironment } from '../config/environment.ts'
import { databasePool } from './database-pool.ts'

test('a connection that is reset while it is in use fails only its query', async () => {
  await using stores = await startTestStores()
  const url = new URL(stores.databaseUrl)
  await using link = await openMuteLink(Number(url.port))
  url.port = String(link.port)
  const config = readDatabaseConfig(readEnvironment({ DATABASE_URL: url.href }), 'test')
  const pool = databasePool(config, pino({ level: 'silent' }))
  const borrowed = await pool.connect()
  const query = borrowed.query('SELECT pg_sleep(0.5)')
  link.refuse()
  // An error without a listener would end this process.
  await expect(query).rejects.toThrow(/ECONNRESET|terminated/)
  borrowed.release(true)
  link.heal()
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await pool.end()
})
