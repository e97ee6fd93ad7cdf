import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'

/** Connections at once. */
const connectionsMax = 256

/**
 * Listens on a Unix socket at this path, until it is disposed. Disposing ends its connections. A file that an earlier process
 * left there is removed. Rejects if the path cannot be used.
 */
export async function listenOnSocket(
  path: string,
  onConnection: (socket: Socket) => void,
  { mostConnections = connectionsMax }: { readonly mostConnections?: number } = {},
): Promise<AsyncDisposable> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    onConnection(socket)
  })
  server.maxConnections = mostConnections
  await rm(path, { force: true })
  server.listen({ path })
  await once(server, 'listening')
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
