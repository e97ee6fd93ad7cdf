import { timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import { refuseForeign, refuseForm } from '#chaos/api/http/foreign.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import type { LearnerState } from '../store/workshop-state.ts'
import type { Workshop } from '../workshop.ts'
import type { RateLimit } from './rate-limit.ts'
import { seatOf } from './seat-sockets.ts'

type Role = 'public' | 'learner' | 'instructor' | 'projector'

declare module 'fastify' {
  interface FastifyRequest {
    /** The learner of the token. Only in routes of learners. */
    learner: LearnerState | undefined
  }
  interface FastifyContextConfig {
    /** The token that the route needs. Absent: the instructor's. The instructor may also read what the projector shows. */
    role?: Role
    /** A page without a script sends a form. Absent: changes are JSON. */
    acceptsForm?: boolean
  }
}

/** What a seat reaches of the host, in addition to the routes of its learner. */
const seatRoutes: ReadonlySet<string> = new Set(['/api/alive', '/api/join'])

/** The files of the pages. The plug-in that serves them sets no role. */
const assetsRoute = '/assets/*'

export interface GuardOptions {
  readonly workshop: Workshop
  /** Host names, without port, that a request may use. */
  readonly hosts: ReadonlySet<string>
  /** Requests of one learner. */
  readonly limit: RateLimit
}

/**
 * Only a header has the token: no cookie (except for seats, whose changes also need the key of their page), so a page of another origin has nothing to send, and no address, so the token is
 * in no log. A route without a role needs the instructor's token.
 */
export function guardCallers(app: FastifyInstance, { workshop, hosts, limit }: GuardOptions): void {
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('learner', undefined)
  app.addHook('onRequest', async (request) => {
    refuseForeign(request, hosts)
    const { url, config } = request.routeOptions
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads && config.acceptsForm !== true) refuseForm(request)
    if (seatOf(request.raw.socket) !== undefined && config.role !== 'learner')
      if (url === undefined || !seatRoutes.has(url)) throw notForSeats(request)
    const role = url === assetsRoute ? 'public' : (config.role ?? 'instructor')
    // The documents list all routes: 404 tells nothing new.
    if (role === 'public' || request.is404) return
    const token = tokenOf(request)
    if (role === 'learner') {
      const learner = token === undefined ? undefined : workshop.learnerOf(token)
      if (learner === undefined) throw wrongToken(request, 'a learner')
      limit.take(learner.learner)
      request.learner = learner
      return
    }
    const { instructorToken, projectorToken } = workshop.settings
    const allowed = role === 'projector' ? [projectorToken, instructorToken] : [instructorToken]
    if (token === undefined || !allowed.some((each) => isSame(token, each)))
      throw wrongToken(request, role === 'projector' ? 'the projector' : 'the instructor')
  })
}

/** The learner of a request. The guard has checked its token. */
export function learnerOf({ learner }: FastifyRequest): LearnerState {
  if (learner === undefined) throw new Error('The route has no learner: its role is missing.')
  return learner
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? []
  return token
}

function isSame(sent: string, expected: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function notForSeats({ method, url }: FastifyRequest): InputError {
  return new InputError(`${method} ${shortened(url)} is not for seats.`, {
    remedy: 'A seat reaches only the routes of its learner.',
    status: 404,
  })
}

function wrongToken({ method, url }: FastifyRequest, whose: string): InputError {
  return new InputError(`${method} ${shortened(url)} needs the token of ${whose}.`, {
    remedy:
      whose === 'a learner'
        ? 'Join again: unhappy workshop join URL --code CODE --name NAME'
        : 'Open the link that `unhappy workshop host` prints.',
    status: 401,
  })
}
