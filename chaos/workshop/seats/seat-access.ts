import { timingSafeEqual } from 'node:crypto'

import type { SeatRole } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { hash, randomText } from '../hash.ts'

const linkValidMs = 10 * 60_000
const linksMax = 1_000

/** A browser that may use one seat. */
export interface SeatSession {
  readonly seat: number
  readonly role: SeatRole
  readonly cookieHash: string
  readonly keyHash: string
}

/** What the browser of a new session receives. */
export interface NewSession {
  readonly session: SeatSession
  /** Its browser sends it with every request to the seat. */
  readonly cookie: string
}

/** Which browser may use which seat. A cookie reads; a change needs the key, which only the page has. */
export interface SeatAccess {
  /** A session of an earlier start of the host. */
  restore(session: SeatSession): void
  open(seat: number, role: SeatRole): NewSession
  /** Every session and every link of the seat ends. */
  close(seat: number): void
  /** A secret that opens the seat once, within 10 minutes. */
  issue(seat: number, role: SeatRole): string
  /** A new session; undefined if the secret is not valid for this seat. */
  redeem(seat: number, secret: string): NewSession | undefined
  /** Undefined: this cookie opens another seat, or none. */
  find(seat: number, cookie: string | undefined): SeatSession | undefined
  /** The key of the page. It is given once, to the browser with the new cookie. */
  takeKey(session: SeatSession): string | undefined
  isKey(session: SeatSession, key: unknown): boolean
}

export function createSeatAccess(clock: Pick<Clock, 'now'>): SeatAccess {
  const sessions = new Map<string, SeatSession>()
  const keys = new Map<string, string>()
  const links = new Map<string, { seat: number; role: SeatRole; expiresAt: number }>()
  const open = (seat: number, role: SeatRole): NewSession => {
    const [cookie, key] = [randomText(), randomText()]
    const session = { seat, role, cookieHash: hash(cookie), keyHash: hash(key) }
    sessions.set(session.cookieHash, session)
    keys.set(session.cookieHash, key)
    return { session, cookie }
  }
  return {
    restore: (session) => void sessions.set(session.cookieHash, session),
    open,
    close: (seat) => {
      for (const [cookieHash, session] of sessions)
        if (session.seat === seat) {
          sessions.delete(cookieHash)
          keys.delete(cookieHash)
        }
      for (const [secretHash, link] of links) if (link.seat === seat) links.delete(secretHash)
    },
    issue: (seat, role) => {
      const secret = randomText()
      links.set(hash(secret), { seat, role, expiresAt: clock.now() + linkValidMs })
      const [oldest] = links.keys()
      if (links.size > linksMax && oldest !== undefined) links.delete(oldest)
      return secret
    },
    redeem: (seat, secret) => {
      const link = links.get(hash(secret))
      if (link === undefined || link.seat !== seat) return undefined
      links.delete(hash(secret))
      return clock.now() < link.expiresAt ? open(seat, link.role) : undefined
    },
    find: (seat, cookie) => {
      const session = cookie === undefined ? undefined : sessions.get(hash(cookie))
      return session?.seat === seat ? session : undefined
    },
    takeKey: ({ cookieHash }) => {
      const key = keys.get(cookieHash)
      keys.delete(cookieHash)
      return key
    },
    isKey: ({ keyHash }, key) =>
      typeof key === 'string' && timingSafeEqual(Buffer.from(hash(key)), Buffer.from(keyHash)),
  }
}
