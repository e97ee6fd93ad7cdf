import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A server that speaks just enough of Postgres' protocol for a pool: every statement succeeds. */
export interface FakePostgres extends AsyncDisposable {
  readonly url: string
  /** The connections of this moment stay open and silent. New ones work. */
  silence(): void
  /** Resets the connections of this moment. New ones work. */
  reset(): void
}

export async function openFakePostgres(): Promise<FakePostgres> {
  const sockets = new Map<Socket, { silent: boolean }>()
  const server = createServer((socket) => {
    const state = { silent: false }
    sockets.set(socket, state)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    serve(socket, state)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `postgres://shop:shop@127.0.0.1:${port}/shop?sslmode=disable`,
    silence: () => {
      for (const state of sockets.values()) state.silent = true
    },
    reset: () => {
      for (const socket of sockets.keys()) socket.resetAndDestroy()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.keys()) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const ready = message('Z', Buffer.from('I'))
const parsed = message('1')
const bound = message('2')
const noData = message('n')

function serve(socket: Socket, state: { readonly silent: boolean }): void {
  let started = false
  let pending = Buffer.alloc(0)
  let prepared = ''
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    for (;;) {
      const header = started ? 1 : 0
      if (pending.length < header + 4) return
      const length = pending.readInt32BE(header) + header
      if (pending.length < length) return
      const packet = pending.subarray(0, length)
      pending = pending.subarray(length)
      if (state.silent) continue
      if (packet[0] === 'P'.charCodeAt(0)) prepared = statementIn(packet)
      const reply = started ? replyTo(packet, prepared) : [message('R', Buffer.alloc(4)), ready]
      started = true
      if (reply.length > 0) socket.write(Buffer.concat(reply))
    }
  })
}

function replyTo(packet: Buffer, prepared: string): readonly Buffer[] {
  switch (String.fromCharCode(packet[0] ?? 0)) {
    case 'Q': {
      const sql = packet.subarray(5, -1).toString()
      return [...description(sql), ...row(sql), completed(sql), ready]
    }
    case 'P':
      return [parsed]
    case 'B':
      return [bound]
    case 'D':
      return isSelect(prepared) ? description(prepared) : [noData]
    case 'E':
      return [...row(prepared), completed(prepared)]
    case 'S':
      return [ready]
    default:
      return []
  }
}

/** The SQL in a Parse message: after the statement's name. */
function statementIn(packet: Buffer): string {
  return packet.subarray(5).toString().split('\0')[1] ?? ''
}

function isSelect(sql: string): boolean {
  return /^\s*select\b/i.test(sql)
}

/** A SELECT returns one column with the number 1: enough for a test of the connection. */
function description(sql: string): readonly Buffer[] {
  if (!isSelect(sql)) return []
  const [, alias = '?column?'] = /\bas\s+"?(\w+)/i.exec(sql) ?? []
  const column = Buffer.alloc(18)
  column.writeInt32BE(23, 6) // int4
  column.writeInt16BE(4, 10)
  return [message('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from(`${alias}\0`), column]))]
}

function row(sql: string): readonly Buffer[] {
  return isSelect(sql) ? [message('D', Buffer.from([0, 1, 0, 0, 0, 1, '1'.charCodeAt(0)]))] : []
}

/** The tag of a statement, such as COMMIT. */
function completed(sql: string): Buffer {
  const [command = ''] = sql.trim().split(/\W/)
  return message('C', Buffer.from(`${command.toUpperCase()}\0`))
}

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}
