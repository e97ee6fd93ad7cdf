import { Type } from 'typebox'
import type { Static } from 'typebox'

import type { ApiError } from '../api.ts'
import { strict } from './strict.ts'

/**
 * Seats that the host hands out. Each is a sandbox in one container on the host's machine. In addition to the routes of
 * `workshop.ts`, a host with seats serves:
 *
 *   POST   /seats                       a form with name and code -> 303 to the own seat; sets the cookie of this seat
 *   GET    /seats/:seat/                the dashboard of a seat, or a page that waits until the seat is ready
 *   GET    /seats/:seat/api/seat        SeatStatus
 *   *      /seats/:seat/api/*           the API of the sandbox; 503 with Retry-After while the seat is not ready
 *
 * A seat needs its cookie, and a change also the key of its page. The host adds the token of the sandbox itself. The
 * start of a check waits for its place: 503 with `queue` in the body and Retry-After; the same request again keeps the place.
 *
 * With the instructor's token:
 *   POST   /api/workshop/seats/:seat/links   SeatLinkBody -> 201 SeatLink
 *   POST   /api/workshop/seats/:seat/restart 204: ends its container, and starts a new one
 *   POST   /api/workshop/seats/:seat/free    204: its learner loses it, the work is kept aside, the next learner may receive it
 *   POST   /api/workshop/seats/:seat/clear   204: deletes the runs of a seat, whose disk is full, and starts it again
 */

/**
 * `spare`: ready, frozen, and given to no learner. `asleep`: stopped; the next request wakes it. `full`: stopped at its limit of
 * disk space.
 */
export type SeatState = 'starting' | 'spare' | 'ready' | 'asleep' | 'full' | 'failed'

/** A place among the checks that wait, from 1. */
export interface QueuePlace {
  readonly place: number
  readonly of: number
}

/** The response to the start of a check that waits. The same request again keeps the place. */
export interface QueuedError extends ApiError {
  readonly queue: QueuePlace
}

export interface SeatRow {
  readonly seat: number
  readonly state: SeatState
  /** Null: no learner has it. */
  readonly name: string | null
  /** Null: the learner's sandbox has not joined yet. */
  readonly learner: string | null
  /** Of the container, bytes. Null: it does not run, or was not measured yet. */
  readonly memory: number | null
  /** Of its folder, bytes. Null: it was not measured yet. */
  readonly disk: number | null
  readonly isChecking: boolean
  /** The learner asks for help: until the request is marked as seen, the instructor may change something in the seat. */
  readonly isHelpWanted: boolean
  /** Null: no check of it waits. */
  readonly queue: QueuePlace | null
  /** Why it is not ready. Null: nothing is wrong. */
  readonly problem: string | null
}

/** What the page of a seat shows about the seat itself. */
export interface SeatStatus extends Omit<SeatRow, 'learner'> {
  /** Of the browser that asks. */
  readonly role: SeatRole
}

const SeatRoleSchema = Type.Union([Type.Literal('learner'), Type.Literal('instructor')])
export type SeatRole = Static<typeof SeatRoleSchema>

/** `learner`: for a learner who has lost the cookie. `instructor`: to look into the seat. */
export const SeatLinkBodySchema = Type.Object({ role: SeatRoleSchema }, strict)
export type SeatLinkBody = Static<typeof SeatLinkBodySchema>

export interface SeatLink {
  /** The path on the host. It opens the seat once, within 10 minutes. */
  readonly path: string
}
