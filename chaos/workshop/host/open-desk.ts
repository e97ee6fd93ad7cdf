import type { Socket } from 'node:net'

import type { Clock } from '#chaos/lib/clock.ts'

import { openSeats } from '../seats/open-seats.ts'
import type { SeatsOptions } from '../seats/open-seats.ts'
import { listenForSeat } from '../seats/seat-folders.ts'
import { markSocket } from './http/seat-sockets.ts'
import { createSeatDesk, joinFromSeat } from './seat-desk.ts'
import type { SeatDesk, SeatDeskParts } from './seat-desk.ts'

export type SeatDeskOptions = Pick<
  SeatsOptions,
  'count' | 'engine' | 'owner' | 'cores' | 'sleepAfterMs' | 'diskMax'
>

export interface OpenDesk extends SeatDesk, AsyncDisposable {
  /** Listens for the sandboxes in the seats, until it is disposed, and starts the seats. */
  listen(onConnection: (socket: Socket) => void): Promise<AsyncDisposable>
}

/** The seats of a host, and who has them. Disposing ends their containers. */
export async function openDesk(
  options: SeatDeskOptions,
  parts: Pick<SeatDeskParts, 'store' | 'state'> & {
    /** Of the workshop. */
    readonly folder: string
    readonly clock: Clock
    readonly onChanged: () => void
  },
): Promise<OpenDesk> {
  const { store, state, folder, clock, onChanged } = parts
  const secret = store.settings.instructorToken
  const seats = await openSeats(
    { ...options, folder, clock, secret },
    {
      onReady: async (seat, client) => joinFromSeat({ seats, store, state }, seat, client),
      onChanged,
    },
  )
  const desk = createSeatDesk({ seats, store, state })
  return {
    ...desk,
    listen: async (onConnection) => {
      await using listeners = new AsyncDisposableStack()
      for (const { seat, folders } of seats.all.values())
        listeners.use(
          await listenForSeat(folders, (socket) => {
            markSocket(socket, seat)
            onConnection(socket)
          }),
        )
      seats.prepare((seat) => state.seats.some((each) => each.seat === seat))
      return listeners.move()
    },
    [Symbol.asyncDispose]: async () => seats[Symbol.asyncDispose](),
  }
}
