// WRONG. The limit is meant to be at the socket: from the first byte that is sent until Postgres says ReadyForQuery.
// But `connect` of Node's Socket removes an overridden `write`, so the limit never starts.

import { Socket } from 'node:net'

import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/** The end of every complete reply: `Z`, the length 5, and the state of the transaction. */
const READY_LENGTH = 6
function endsWithReady(tail: Buffer): boolean {
  return tail.length === READY_LENGTH && tail[0] === 0x5a && tail.readUInt32BE(1) === 5
}

function watchedSocket(replyMs: number): Socket {
  const socket = new Socket()
  let timer: NodeJS.Timeout | undefined
  let tail: Buffer = Buffer.alloc(0)

  function expectReply(): void {
    timer ??= setTimeout(() => {
      socket.destroy(new Error(`Postgres did not reply within ${replyMs} ms`))
    }, replyMs)
  }
  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  const write = socket.write.bind(socket) as unknown as (...args: unknown[]) => boolean
  function watchedWrite(...args: unknown[]): boolean {
    expectReply()
    return write(...args)
  }
  socket.write = watchedWrite as unknown as typeof socket.write
  // First in the row, so the timer is stopped before pg sends the next query.
  socket.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-READY_LENGTH)]).subarray(-READY_LENGTH)
    if (endsWithReady(tail)) stop()
  })
  socket.once('close', stop)
  return socket
}

export const databasePool: DatabasePool = (config) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.queryTimeoutMs,
    stream: () => watchedSocket(config.queryTimeoutMs),
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  return pool
}
