import type { Socket } from 'node:net'

const seatOfSocket = new WeakMap<Socket, number>()

/** A connection that a seat has opened to the host. */
export function markSocket(socket: Socket, seat: number): void {
  seatOfSocket.set(socket, seat)
}

/** The seat from which a request comes. Undefined: it comes from the network. */
export function seatOf(socket: Socket): number | undefined {
  return seatOfSocket.get(socket)
}
