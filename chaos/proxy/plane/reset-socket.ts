import type { Socket } from 'node:net'

/**
 * Sends RST to the peer now and drops unwritten bytes. A socket whose FIN is queued behind unwritten bytes cannot be reset
 * (libuv refuses, and Node would leak the handle). Such a socket is closed, which also sends RST if it has unread bytes.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return
  const finQueued = socket.writableEnded && !socket.writableFinished
  if (finQueued || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
