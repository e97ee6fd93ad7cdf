import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { Client } from 'pg'

import { sqlState } from '#services/lib/database.ts'
import { StartError } from '#services/lib/start/start-error.ts'

import { safetyNets, readSafetyNetsOff } from './safety-nets.ts'
import type { SafetyNet } from './safety-nets.ts'

export interface PrepareOptions {
  /** Names of safety nets. Constraints are dropped here; the services switch off the others. */
  readonly netsOff?: readonly string[]
  /** Stock by SKU, where it differs from the seed. */
  readonly stock?: Readonly<Record<string, number>>
}

/**
 * Recreates the database: drops everything in it and creates schema and seed, in one transaction. A
 * session that holds a lock on it loses its connection. Throws StartError for an unknown safety net
 * or SKU.
 */
export async function prepareDatabase(
  databaseUrl: string,
  options: PrepareOptions = {},
): Promise<void> {
  const statements = [
    'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;',
    await readSql('schema.sql'),
    await readSql('seed.sql'),
    ...dropConstraints(options.netsOff ?? []),
  ]
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'prepare',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  })
  await client.connect()
  try {
    await makeNew(client, statements.join('\n'))
    for (const [sku, stock] of Object.entries(options.stock ?? {}))
      await setStock(client, sku, stock)
  } finally {
    await client.end()
  }
}

/** Several statements in one message are one transaction. */
async function makeNew(client: Client, sql: string): Promise<void> {
  await client.query(`SET lock_timeout = '500ms'`)
  try {
    await client.query(sql)
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    // A session that is still in a transaction (a frozen service, a prompt) has locked what must be
    // dropped.
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`,
    )
    await client.query(sql)
  }
}

const lockNotAvailable = '55P03'

async function readSql(file: string): Promise<string> {
  return await readFile(path.join(import.meta.dirname, file), 'utf8')
}

function dropConstraints(netsOff: readonly string[]): readonly string[] {
  return [...readSafetyNetsOff(netsOff)].flatMap((name) => {
    const { kind }: SafetyNet = safetyNets[name]
    return kind.is === 'constraint' ? [`ALTER TABLE ${kind.table} DROP CONSTRAINT ${name};`] : []
  })
}

async function setStock(client: Client, sku: string, stock: number): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE products SET stock = $2, initial_stock = $2 WHERE sku = $1',
    [sku, stock],
  )
  if (rowCount === 0)
    throw new StartError(`STOCK sets the stock of "${sku}", but this product does not exist.`)
}
