import { connect } from 'node:net'

import type { StoreKind } from '#chaos/contracts/topology.ts'

/**
 * What a store must answer before it is ready. An open port is not enough: while a store recovers, it accepts connections
 * and answers with an error.
 */
const greetings: Readonly<
  Record<StoreKind, { readonly request: (databaseName: string) => Buffer; readonly reply: string }>
> = {
  // "R" requests the password; "E" means that the database is starting up.
  postgres: { request: postgresStartup, reply: 'R' },
  redis: { request: () => Buffer.from('PING\r\n'), reply: '+PONG' },
}

export interface StoreToProbe {
  readonly store: StoreKind
  readonly host: string
  readonly port: number
  /** Name of the database and of its user. */
  readonly databaseName: string
  /** Default: a second. */
  readonly timeoutMs?: number
}

/** Whether the store is ready for clients. False when it does not answer within the timeout. */
export async function storeAccepts(probed: StoreToProbe): Promise<boolean> {
  const { store, host, port, databaseName, timeoutMs = 1_000 } = probed
  const { request, reply } = greetings[store]
  return await new Promise((resolve) => {
    const socket = connect({ host, port })
    let received = ''
    const finish = (accepts: boolean): void => {
      resolve(accepts)
      socket.destroy()
    }
    AbortSignal.timeout(timeoutMs).addEventListener('abort', () => finish(false))
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
    socket.on('connect', () => socket.write(request(databaseName)))
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      if (received.startsWith(reply)) finish(true)
      else if (!reply.startsWith(received)) finish(false)
    })
  })
}

function postgresStartup(name: string): Buffer {
  const parameters = `user\0${name}\0database\0${name}\0\0`
  const message = Buffer.alloc(8 + parameters.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(0x30000, 4) // protocol 3.0
  message.write(parameters, 8, 'latin1')
  return message
}
