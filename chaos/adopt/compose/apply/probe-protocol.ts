import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import type { LinkProtocol } from '../plan/known-protocol.ts'

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
export async function probeProtocol(host: string, port: number): Promise<LinkProtocol> {
  const first = await exchange(host, port, ping)
  if (first === 'spoke first' || first === 'refused') return 'bytes'
  const text = first.toString('latin1')
  if (/^HTTP\/1\.[01] /.test(text)) return 'http'
  if (/^(\+PONG|-NOAUTH|-ERR|-DENIED|-LOADING)/.test(text)) return 'redis'
  if (text !== '') return 'bytes'
  const second = await exchange(host, port, sslRequest)
  return second instanceof Buffer && /^[NS]$/.test(second.toString('latin1')) ? 'postgres' : 'bytes'
}

/** The first bytes of the reply; empty: none came in time. */
async function exchange(
  host: string,
  port: number,
  request: Buffer,
): Promise<Buffer | 'spoke first' | 'refused'> {
  const socket = connect({ host, port })
  const received: Buffer[] = []
  const some = Promise.withResolvers<void>()
  const connected = Promise.withResolvers<boolean>()
  socket.on('connect', () => connected.resolve(true))
  socket.on('data', (bytes: Buffer) => {
    received.push(bytes)
    some.resolve()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    connected.resolve(false)
    some.resolve()
  })
  try {
    if (!(await Promise.race([connected.promise, setTimeout(replyMs, false)]))) return 'refused'
    await Promise.race([some.promise, setTimeout(bannerMs)])
    if (received.length > 0) return 'spoke first'
    socket.write(request)
    await Promise.race([some.promise, setTimeout(replyMs)])
    return Buffer.concat(received)
  } finally {
    socket.destroy()
  }
}
