import { connect } from 'node:net'

import type { Addresses } from './addresses.ts'

/** Whether something answers as it does when it is ready. Never throws: what does not answer is not ready. */
export type ReadinessProbe = (name: string) => Promise<boolean>

/** What a store must answer before anything may rely on it: a port that is open is not enough while it recovers. */
const greetings: Readonly<Record<string, { request: Buffer; answer: string }>> = {
  // A startup message; "R" asks for the password, "E" would say that the database is starting up.
  postgres: { request: postgresStartup('shop'), answer: 'R' },
  redis: { request: Buffer.from('PING\r\n'), answer: '+PONG' },
}

export function createReadinessProbe(addresses: Addresses, timeoutMs = 1_000): ReadinessProbe {
  return async (name) => {
    const { host, port } = addresses.of(name)
    const greeting = greetings[name]
    if (greeting !== undefined) return await greets(host, port, greeting, timeoutMs)
    const path = name === 'links' ? '/version' : '/health/ready'
    try {
      const response = await fetch(`http://${host}:${port}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }
}

async function greets(
  host: string,
  port: number,
  greeting: { readonly request: Buffer; readonly answer: string },
  timeoutMs: number,
): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port })
    let reply = ''
    const finish = (ready: boolean): void => {
      resolve(ready)
      socket.destroy()
    }
    socket.setTimeout(timeoutMs, () => finish(false))
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
    socket.on('connect', () => socket.write(greeting.request))
    socket.on('data', (bytes) => {
      reply += bytes.toString('latin1')
      if (reply.startsWith(greeting.answer)) finish(true)
      else if (!greeting.answer.startsWith(reply)) finish(false)
    })
  })
}

function postgresStartup(user: string): Buffer {
  const parameters = `user\0${user}\0database\0${user}\0\0`
  const message = Buffer.alloc(8 + parameters.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(0x30000, 4) // protocol 3.0
  message.write(parameters, 8, 'latin1')
  return message
}
