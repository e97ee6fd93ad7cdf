import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'

import { InputError } from '#chaos/lib/errors.ts'

/** Linux: opens the name of a file and not its content. Node has no constant for it. */
const openPath = 0x20_0000

/**
 * A connection to the Unix socket at this path. The learner's code can write into the folder, so it can replace the socket by
 * a link, for example to the socket of the engine. So the file is opened without following a link, what was opened is checked,
 * and exactly that is connected to. Throws {@link InputError} if it is not a socket. Linux only.
 */
export function connectSeat(path: string): Socket {
  const file = openSync(path, openPath | constants.O_NOFOLLOW)
  let isConnecting = false
  try {
    if (!fstatSync(file).isSocket())
      throw new InputError('The socket of the seat was replaced.', {
        remedy: 'Start the seat again: it creates its socket.',
        status: 502,
      })
    const socket = createConnection({ path: `/proc/self/fd/${file}` })
    isConnecting = true
    closeWhenConnected(socket, file)
    return socket
  } finally {
    if (!isConnecting) closeSync(file)
  }
}

function closeWhenConnected(socket: Socket, file: number): void {
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    closeSync(file)
  }
  socket.once('connect', close)
  socket.once('error', close)
  socket.once('close', close)
}
