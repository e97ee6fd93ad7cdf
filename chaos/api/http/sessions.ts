import { createHash, randomBytes } from 'node:crypto'

import type { Clock } from '#chaos/lib/clock.ts'

/** How long a one-time secret is valid. */
export const secretValidMs = 10 * 60_000
/** The oldest one is dropped when there are more. */
const secretsMax = 100
const sessionsMax = 1_000

/** Access of one browser to the API. */
export interface Session {
  /** Value of the cookie. The browser sends it to every port of the host, so it permits reading only. */
  readonly cookie: string
  /** Only the page has it. Each change must contain it in {@link pageKeyHeader}. */
  readonly pageKey: string
}

/** The sessions of one controller. They end with the controller. */
export interface Sessions {
  /** Returns a secret that {@link Sessions.redeem} accepts once, within {@link secretValidMs}. */
  issueSecret(): string
  /** A new session; undefined for a secret that is unknown, used or expired. */
  redeem(secret: string): Session | undefined
  /** The session of this cookie; undefined if there is none. */
  find(cookie: string): Session | undefined
}

/** The header that contains {@link Session.pageKey}. Another page cannot send it: the browser asks the API first. */
export const pageKeyHeader = 'x-unhappy-key'

/** `key`: a secret that {@link Sessions.redeem} accepts always, for a sandbox without a terminal. */
export function createSessions(clock: Pick<Clock, 'now'>, key?: string): Sessions {
  // Keys are hashes: how long a lookup takes says nothing about the value.
  const expiryOf = new Map<string, number>()
  const sessions = new Map<string, Session>()
  return {
    issueSecret: () => {
      const secret = randomText()
      expiryOf.set(hash(secret), clock.now() + secretValidMs)
      dropOldest(expiryOf, secretsMax)
      return secret
    },
    redeem: (secret) => {
      const expiry = expiryOf.get(hash(secret))
      expiryOf.delete(hash(secret))
      const isKey = key !== undefined && hash(secret) === hash(key)
      if (!isKey && (expiry === undefined || clock.now() >= expiry)) return undefined
      const session = { cookie: randomText(), pageKey: randomText() }
      sessions.set(hash(session.cookie), session)
      dropOldest(sessions, sessionsMax)
      return session
    },
    find: (cookie) => sessions.get(hash(cookie)),
  }
}

function randomText(): string {
  return randomBytes(24).toString('base64url')
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
