import { createServer, type OnReadOpts, type Server, Socket } from 'node:net'

/** Makes the socket of an accepted connection. It reads as `onread` says and is paused until `resume()`. */
export type OpenAccepted = (onread: OnReadOpts) => Socket

/**
 * A server whose accepted connections read into reused buffers. Node offers `onread` only for sockets that connect, so this
 * file takes the accepted handle itself. The handle is private API of Node, and only this file uses it. If a Node version
 * has no such handle, or with `plain`, accepted connections read by `data` events: slower, but otherwise the same.
 */
export function createAcceptor(plain: boolean, accepted: (open: OpenAccepted) => void): Server {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true })
  server.on('connection', (socket) => accepted((onread) => readByEvents(socket, onread)))
  if (!plain) server.on('listening', () => takeHandles(server, accepted))
  return server
}

/** Private parts of `net.Server` and of a TCP handle that this file uses. */
interface PrivateServer {
  _handle?: { onconnection?: (status: number, handle?: PrivateHandle) => void } | null
}
interface PrivateHandle {
  useUserBuffer?: (buffer: Uint8Array) => void
  setNoDelay?: (on: boolean) => number
  reading?: boolean
}

function takeHandles(server: Server, accepted: (open: OpenAccepted) => void): void {
  const listening = (server as unknown as PrivateServer)._handle
  const original = listening?.onconnection
  if (listening === null || listening === undefined || typeof original !== 'function') return
  listening.onconnection = function (this: unknown, status, handle) {
    const known =
      handle !== undefined &&
      typeof handle.useUserBuffer === 'function' &&
      typeof handle.setNoDelay === 'function'
    if (status !== 0 || !known) {
      original.call(this, status, handle)
      return
    }
    handle.setNoDelay?.(true)
    accepted(
      (onread) => new Socket({ handle, allowHalfOpen: true, onread, pauseOnCreate: true } as never),
    )
  }
}

function readByEvents(socket: Socket, onread: OnReadOpts): Socket {
  socket.on('data', (chunk: Buffer) => {
    if (!onread.callback(chunk.length, chunk)) socket.pause()
  })
  socket.pause()
  return socket
}
