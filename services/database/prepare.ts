import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { Client } from 'pg'

import { sqlState } from '#services/lib/database.ts'
import { StartError } from '#services/lib/start/start-error.ts'

import { nets, readNetsOff } from './nets.ts'
import type { Net } from './nets.ts'

export interface PrepareOptions {
  /** Names of safety nets. Those that are constraints are dropped here, the others are the services' business. */
  readonly netsOff?: readonly string[]
  /** Stock by SKU, where it is to be another than the seed's. */
  readonly stock?: Readonly<Record<string, number>>
}

/**
 * Makes the database new: drops everything in it and creates schema and seed, in one transaction. Whoever holds a lock on
 * it loses the connection. Throws StartError for an unknown net or SKU.
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
    // Somebody stayed behind in a transaction (a frozen service, a prompt) and has locked what is to be dropped.
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
  return [...readNetsOff(netsOff)].flatMap((name) => {
    const { kind }: Net = nets[name]
    return kind.is === 'constraint' ? [`ALTER TABLE ${kind.table} DROP CONSTRAINT ${name};`] : []
  })
}

async function setStock(client: Client, sku: string, stock: number): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE products SET stock = $2, initial_stock = $2 WHERE sku = $1',
    [sku, stock],
  )
  if (rowCount === 0)
    throw new StartError(`Stock is set for "${sku}", and there is no such product.`)
}
