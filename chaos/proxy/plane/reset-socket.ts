import type { Socket } from 'node:net'

/**
 * RST to the peer, now, whatever still waits to be written. A socket whose FIN is queued behind unwritten data cannot be
 * reset (libuv refuses, and Node would leak the handle): it is closed instead, which with unread bytes is an RST as well.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return
  const finQueued = socket.writableEnded && !socket.writableFinished
  if (finQueued || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
