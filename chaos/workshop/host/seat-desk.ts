import type { SeatRow, SeatStatus } from '#chaos/contracts/workshop.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { hash } from '../hash.ts'
import { nameKey, plainName } from '../plain-text.ts'
import type { Seats } from '../seats/open-seats.ts'
import type { NewSession, SeatSession } from '../seats/seat-access.ts'
import type { SeatClient } from '../seats/seat-client.ts'
import { folderInSeat, socketName } from '../seats/seat-engine.ts'
import type { Seat } from '../seats/seat.ts'
import type { EventStore } from './store/event-store.ts'
import type { LearnerState, WorkshopState } from './store/workshop-state.ts'

/** Gives seats to learners, and knows whose they are. */
export interface SeatDesk {
  readonly seats: Seats
  /** Throws {@link InputError} with status 404. */
  require(seat: number): Seat
  /** A new learner receives a free seat. Throws {@link InputError} if there is none, or the name has a seat. */
  give(name: string, acceptsIncidents: boolean): NewSession
  /** Takes the seat from its learner, whose work is kept. Throws {@link InputError} if it has none. */
  free(seat: number): Promise<void>
  /** The key of the learner whose sandbox is in the seat. */
  memberKeyOf(seat: number): string
  /** Opens the seat with a link of the instructor. Undefined: the link is not valid. */
  redeem(seat: number, secret: string): NewSession | undefined
  status(session: SeatSession): SeatStatus
  rows(): readonly SeatRow[]
  /** A learner always; the instructor only while the learner of the seat asks for help. */
  mayChange(session: SeatSession): boolean
}

export interface SeatDeskParts {
  readonly seats: Seats
  readonly store: EventStore
  readonly state: WorkshopState
}

export function createSeatDesk({ seats, store, state }: SeatDeskParts): SeatDesk {
  const holderOf = (seat: number) => state.seats.find((each) => each.seat === seat)
  const learnerOf = (seat: number): LearnerState | undefined => learnerOfSeat(seats, state, seat)
  const isHelpWanted = (seat: number): boolean => (learnerOf(seat)?.help ?? null) !== null
  const keep = ({ session }: NewSession, name: string, acceptsIncidents: boolean): void => {
    const { seat, cookieHash, keyHash } = session
    store.append({ kind: 'seat', seat, name, acceptsIncidents, cookieHash, keyHash })
  }
  const rowOf = (seat: Seat): SeatRow => ({
    seat: seat.seat,
    state: seat.state,
    name: holderOf(seat.seat)?.name ?? null,
    learner: learnerOf(seat.seat)?.learner ?? null,
    memory: seat.state === 'ready' ? seat.memory : null,
    disk: seat.disk,
    isChecking: seats.queue.isChecking(seat.seat),
    isHelpWanted: isHelpWanted(seat.seat),
    queue: seats.queue.placeOf(seat.seat),
    problem: seat.problem,
  })
  for (const session of state.seats) seats.access.restore({ ...session, role: 'learner' })
  const require = (seat: number): Seat => requireSeat(seats, seat)
  return {
    seats,
    require,
    give: (wanted, acceptsIncidents) => {
      const name = plainName(wanted)
      if (nameKey(name) === '')
        throw new InputError('The name has no letters.', { remedy: 'Use a name with letters.' })
      const same = state.seats.find((each) => nameKey(each.name) === nameKey(name))
      if (same !== undefined) throw hasSeat(same.name)
      const free = [...seats.all.keys()].find((seat) => holderOf(seat) === undefined)
      if (free === undefined) throw noSeat(seats.all.size)
      const opened = seats.access.open(free, 'learner')
      keep(opened, name, acceptsIncidents)
      return opened
    },
    free: async (number) => {
      const seat = require(number)
      if (holderOf(number) === undefined) throw isFree(number)
      // First: no request of the learner starts the seat again. Last: no other learner receives it before it is empty.
      seats.access.close(number)
      await seats.vacate(seat)
      store.append({ kind: 'seat-freed', seat: number })
    },
    memberKeyOf: (seat) => memberKeyOf(seats, state, seat),
    redeem: (seat, secret) => {
      const opened = seats.access.redeem(seat, secret)
      const holder = holderOf(seat)
      if (opened?.session.role === 'learner' && holder !== undefined)
        keep(opened, holder.name, holder.acceptsIncidents)
      return opened
    },
    status: (session) => {
      const { learner: _, ...row } = rowOf(require(session.seat))
      return { ...row, role: session.role }
    },
    rows: () => [...seats.all.values()].map(rowOf),
    mayChange: ({ seat, role }) => role === 'learner' || isHelpWanted(seat),
  }
}

/** The learner whose sandbox is in this seat. Undefined: it has not joined. */
function learnerOfSeat(seats: Seats, state: WorkshopState, seat: number): LearnerState | undefined {
  const keyHash = hash(memberKeyOf(seats, state, seat))
  return [...state.learners.values()].find((each) => each.keyHash === keyHash)
}

function memberKeyOf(seats: Seats, { seatsFreed }: WorkshopState, seat: number): string {
  return seats.secrets.memberKey(seat, seatsFreed.get(seat) ?? 0)
}

/** The sandbox of a seat joins the workshop as its learner, once. */
export async function joinFromSeat(
  { seats, store, state }: SeatDeskParts,
  seat: number,
  client: SeatClient,
): Promise<void> {
  const holder = state.seats.find((each) => each.seat === seat)
  if (holder === undefined || learnerOfSeat(seats, state, seat) !== undefined) return
  const { name, acceptsIncidents } = holder
  const url = `unix:${folderInSeat.host}/${socketName}`
  const { code } = store.settings
  await client.json({
    method: 'POST',
    path: '/api/workshop/join',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, code, name, acceptsIncidents }),
  })
}

function requireSeat({ all }: Seats, number: number): Seat {
  const seat = all.get(number)
  if (seat !== undefined) return seat
  throw new InputError(`There is no seat ${number}.`, {
    remedy: `This host has the seats 1 to ${all.size}.`,
    status: 404,
  })
}

function isFree(seat: number): InputError {
  return new InputError(`Seat ${seat} has no learner.`, {
    remedy: 'A learner who joins may receive it.',
    status: 409,
  })
}

function hasSeat(name: string): InputError {
  return new InputError(`"${name}" has a seat already.`, {
    remedy:
      'Open the page in the browser where you joined, or ask the instructor for a link to your seat. Another learner needs another name.',
    status: 409,
  })
}

function noSeat(count: number): InputError {
  return new InputError(`All ${count} seats are taken.`, {
    remedy: 'Ask the instructor for a host with more seats: --seats NUMBER',
    status: 409,
  })
}
