import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface MuteLink extends AsyncDisposable {
  readonly port: number
  /** Connections stay open and pass no bytes any more. New ones are accepted and silent too. */
  mute(): void
  /** New connections pass bytes again. The earlier ones stay silent. */
  heal(): void
  /** Resets every connection and refuses new ones. */
  refuse(): void
}

/** A link to a port on this machine that can be silenced. */
export async function openMuteLink(upstreamPort: number): Promise<MuteLink> {
  const pairs = new Set<readonly [Socket, Socket | undefined]>()
  let state: 'open' | 'mute' | 'refusing' = 'open'
  const server = createServer((near) => {
    if (state === 'refusing') near.resetAndDestroy()
    const far = state === 'open' ? connect(upstreamPort, '127.0.0.1') : undefined
    const pair = [near, far] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket?.on('error', () => {})
      socket?.on('close', () => {
        for (const other of pair) other?.destroy()
        pairs.delete(pair)
      })
    }
    if (far === undefined) return
    near.pipe(far)
    far.pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const each = (act: (socket: Socket) => void): void => {
    for (const pair of pairs) for (const socket of pair) if (socket !== undefined) act(socket)
  }
  return {
    port: (server.address() as AddressInfo).port,
    mute() {
      state = 'mute'
      each((socket) => {
        socket.unpipe()
        socket.pause()
      })
    },
    heal() {
      state = 'open'
    },
    refuse() {
      state = 'refusing'
      each((socket) => socket.resetAndDestroy())
    },
    async [Symbol.asyncDispose]() {
      each((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}
