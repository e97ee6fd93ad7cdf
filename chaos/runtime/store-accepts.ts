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
  const { reply } = greetings[probed.store]
  return await judgeReply(probed, (received) => {
    if (received.startsWith(reply)) return true
    return reply.startsWith(received) ? undefined : false
  })
}

/** Redis that reads its data, and the code of Postgres for a database that is starting up, shutting down or recovering. */
const notYet = /^-LOADING|57P03/

/** Whether a store whose accounts are not known serves clients: it answers, and not that it is starting. */
export async function storeServes(probed: StoreToProbe): Promise<boolean> {
  return await judgeReply(probed, (received) => !notYet.test(received))
}

/** Greets the store, and calls `judge` with what it has answered so far, until that decides. False without an answer. */
async function judgeReply(
  { store, host, port, databaseName, timeoutMs = 1_000 }: StoreToProbe,
  judge: (received: string) => boolean | undefined,
): Promise<boolean> {
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
    socket.on('connect', () => socket.write(greetings[store].request(databaseName)))
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      const decided = judge(received)
      if (decided !== undefined) finish(decided)
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
