import { Client } from 'pg'

import type { SendLater } from '#chaos/contracts/runtime.ts'

import { createWorld } from './describe-fault.ts'

interface Stores {
  readonly databaseUrl: string
  readonly serviceDatabaseUrl?: string
  readonly redisUrl: string
  readonly sendLater?: SendLater
}

/** The world of a fault on a real store; everything else in it is in memory. */
export function createStoreWorld(stores: Stores, signal?: AbortSignal) {
  const { databaseUrl, serviceDatabaseUrl = databaseUrl, redisUrl, sendLater } = stores
  return createWorld(
    {
      addresses: { databaseUrl, serviceDatabaseUrl, redisUrl },
      ...(sendLater === undefined ? {} : { sendLater }),
    },
    signal,
  )
}

/** A connection like those of the shop. */
export async function openConnection(stores: Stores): Promise<Client> {
  const { serviceDatabaseUrl, databaseUrl } = stores
  const client = new Client({
    connectionString: serviceDatabaseUrl ?? databaseUrl,
    application_name: 'api-1',
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

export function storeRequest<Params>(params: Params, target: string, leaseMs = 60_000) {
  return { id: 'fault-1', targets: [target], params, by: 'user', leaseMs } as const
}
