import { timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import { InputError } from '#chaos/lib/errors.ts'

export interface RequestGuardOptions {
  /** The secret that every change must send. */
  readonly token: string
  /** Host names, without port, that a request may use. */
  readonly hosts: ReadonlySet<string>
}

export const localHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Refuses requests that another web page could make through a browser on this machine. A foreign Host is DNS rebinding,
 * a foreign Origin is another page, a form cannot send JSON, and another page does not have the token.
 */
export function guardRequests(app: FastifyInstance, options: RequestGuardOptions): void {
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request) => {
    refuseForeign(request, options.hosts)
    if (request.method === 'GET' || request.method === 'HEAD') return
    const hasBody =
      request.headers['transfer-encoding'] !== undefined ||
      (request.headers['content-length'] ?? '0') !== '0'
    const type = request.headers['content-type']
    if (type === undefined ? hasBody : !/^application\/json\s*(;|$)/i.test(type))
      throw new InputError(
        type === undefined
          ? 'The request has a body and no content-type.'
          : `The content-type is "${type}". Changes must be JSON.`,
        {
          remedy: 'Send content-type: application/json.',
          status: 415,
        },
      )
    if (!hasToken(request, options.token))
      throw new InputError(`${request.method} ${request.url} needs the sandbox's token.`, {
        remedy: 'Send authorization: Bearer TOKEN. The token is in .unhappy/sandboxes/SLOT.json.',
        status: 401,
      })
  })
}

function refuseForeign(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  const host = nameOf(`http://${request.headers.host ?? ''}`)
  if (host === undefined || !hosts.has(host))
    throw new InputError(
      `The host "${request.headers.host ?? ''}" is not a name of this sandbox.`,
      {
        remedy: `Use one of: ${[...hosts].join(', ')}.`,
        status: 421,
      },
    )
  const { origin } = request.headers
  if (origin === undefined) return
  const isOwn = URL.parse(origin)?.host === request.headers.host
  if (!isOwn)
    throw new InputError(
      `The page comes from "${origin}". Only the sandbox's own page can use the API.`,
      {
        remedy: `Open http://${request.headers.host ?? ''}/, or use a client that sends no Origin.`,
        status: 403,
      },
    )
}

function nameOf(url: string): string | undefined {
  return URL.parse(url)?.hostname
}

function hasToken(request: FastifyRequest, token: string): boolean {
  const sent = Buffer.from(request.headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return sent.length === expected.length && timingSafeEqual(sent, expected)
}
