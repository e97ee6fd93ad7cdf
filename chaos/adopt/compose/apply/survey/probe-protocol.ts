import { connect } from 'node:net'

import type { Clock } from '#chaos/lib/clock.ts'
import { within } from '#chaos/runtime/docker/within.ts'

import type { LinkProtocol } from '../../plan/known-protocol.ts'

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** A server that speaks first has done so within this time. */
const bannerMs = 150
const replyMs = 400

/** A request that no HTTP server executes: it answers 400. Redis answers it as what it is. */
const ping = Buffer.from('PING\r\n\r\n')
/** Postgres answers it with one byte, before any user is known. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Asks a server for its protocol with at most two short connections, within {@link bannerMs} and {@link replyMs} each. A server
 * that speaks first is asked nothing. Never throws: a server that does not answer speaks `bytes`.
 */
export async function probeProtocol(
  { host, port }: ServerAddress,
  clock: Clock,
): Promise<LinkProtocol> {
  const first = await exchange({ host, port }, ping, clock)
  if (first === 'spoke first' || first === 'refused') return 'bytes'
  const text = first.toString('latin1')
  if (/^HTTP\/1\.[01] /.test(text)) return 'http'
  if (/^(\+PONG|-NOAUTH|-ERR|-DENIED|-LOADING)/.test(text)) return 'redis'
  if (text !== '') return 'bytes'
  const second = await exchange({ host, port }, sslRequest, clock)
  return second instanceof Buffer && /^[NS]$/.test(second.toString('latin1')) ? 'postgres' : 'bytes'
}

/** The first bytes of the reply; empty: none came in time. */
async function exchange(
  address: ServerAddress,
  request: Buffer,
  clock: Clock,
): Promise<Buffer | 'spoke first' | 'refused'> {
  const socket = connect(address)
  const received: Buffer[] = []
  const some = Promise.withResolvers<void>()
  const connected = Promise.withResolvers<void>()
  socket.on('connect', () => connected.resolve())
  socket.on('data', (bytes: Buffer) => {
    received.push(bytes)
    some.resolve()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    connected.resolve()
    some.resolve()
  })
  try {
    await within(replyMs, connected.promise, clock)
    if (socket.readyState !== 'open') return 'refused'
    await within(bannerMs, some.promise, clock)
    if (received.length > 0) return 'spoke first'
    socket.write(request)
    await within(replyMs, some.promise, clock)
    return Buffer.concat(received)
  } finally {
    socket.destroy()
  }
}
