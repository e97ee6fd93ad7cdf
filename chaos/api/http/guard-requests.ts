import { timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import { refuseForeign, refuseForm } from './foreign.ts'
import { openCommands } from './open-commands.ts'
import { readSessionCookie } from './session-cookie.ts'
import { pageKeyHeader } from './sessions.ts'
import type { Session, Sessions } from './sessions.ts'

/** `owner` has the token of the sandbox file; `page` is a browser with a session. */
export type Caller = 'owner' | 'page'

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined: neither token nor session. Only {@link publicRoutes} serve such a request. */
    caller: Caller | undefined
  }
  interface FastifyContextConfig {
    /** The route needs the token: a session is not enough. */
    ownerOnly?: boolean
  }
}

export interface RequestGuardOptions {
  /** The secret in the sandbox file, which only its owner can read. */
  readonly token: string
  readonly sessions: Sessions
  /** Host names, without port, that a request may use. */
  readonly hosts: ReadonlySet<string>
}

export const localHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Routes that any local user and process may read (GET, HEAD), by their pattern. Their responses contain no data of the
 * sandbox: `/` decides itself what it shows.
 */
export const publicRoutes: ReadonlySet<string> = new Set([
  '/',
  '/index.html',
  '/assets/*',
  '/api/alive',
])

/**
 * Refuses requests of other users, and requests that another web page could make through a browser on this machine. A
 * foreign Host is DNS rebinding, a foreign Origin is another page, and a form cannot send JSON. Another page has neither
 * the token nor the page key.
 */
export function guardRequests(app: FastifyInstance, options: RequestGuardOptions): void {
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('caller', undefined)
  app.addHook('onRequest', async (request) => {
    refuseForeign(request, options.hosts)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads) refuseForm(request)
    request.caller = callerOf(request, options)
    if (request.caller === 'owner') return
    if (request.caller === undefined) {
      if (!(reads && publicRoutes.has(request.routeOptions.url ?? ''))) throw unknownCaller(request)
    } else if (request.routeOptions.config.ownerOnly === true) throw ownerOnly(request)
    else if (!reads && !isForPage(request) && !hasPageKey(request, options))
      throw wrongPageKey(request)
  })
}

function callerOf(request: FastifyRequest, options: RequestGuardOptions): Caller | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    if (!isSame(authorization, `Bearer ${options.token}`)) return undefined
    return isForPage(request) ? 'page' : 'owner'
  }
  return sessionOf(request, options) === undefined ? undefined : 'page'
}

/** A proxy that has the token asks for a page: it has checked the session itself. The page receives what a page may read. */
const callerHeader = 'x-unhappy-caller'

function isForPage({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined && headers[callerHeader] === 'page'
}

function sessionOf(
  request: FastifyRequest,
  { sessions }: RequestGuardOptions,
): Session | undefined {
  const cookie = readSessionCookie(request)
  return cookie === undefined ? undefined : sessions.find(cookie)
}

function hasPageKey(request: FastifyRequest, options: RequestGuardOptions): boolean {
  const key = request.headers[pageKeyHeader]
  const session = sessionOf(request, options)
  return typeof key === 'string' && session !== undefined && isSame(key, session.pageKey)
}

function isSame(sent: string, expected: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

const openRemedy = `Open the dashboard with a new secret: ${openCommands.join(' or ')}.`

function unknownCaller({ method, url }: FastifyRequest): InputError {
  return new InputError(`${method} ${shortened(url)} needs the sandbox's token or a session.`, {
    remedy: `${openRemedy} Programs send authorization: Bearer TOKEN, with the token of .unhappy/sandboxes/SLOT.json.`,
    status: 401,
  })
}

function ownerOnly({ method, url }: FastifyRequest): InputError {
  return new InputError(
    `${method} ${shortened(url)} needs the sandbox's token. A session is not enough.`,
    {
      remedy: 'Send authorization: Bearer TOKEN. The token is in .unhappy/sandboxes/SLOT.json.',
      status: 403,
    },
  )
}

function wrongPageKey({ method, url }: FastifyRequest): InputError {
  return new InputError(`${method} ${shortened(url)} has a session and not the key of its page.`, {
    remedy: openRemedy,
    status: 403,
  })
}
