import { timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import { InputError } from '#chaos/lib/errors.ts'

export interface RequestGuardOptions {
  /** What a change must carry. */
  readonly token: string
  /** Host names, without port, under which the API may be addressed. */
  readonly hosts: ReadonlySet<string>
}

export const localHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * A page from elsewhere that a browser on this machine shows must not be able to break anything: a foreign Host means DNS
 * rebinding, a foreign Origin means a foreign page, a form cannot send JSON, and nobody else knows the token.
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
      throw new InputError(`Changes are JSON; this one is "${type ?? 'without content-type'}".`, {
        remedy: 'Send content-type: application/json.',
        status: 415,
      })
    if (!knowsToken(request, options.token))
      throw new InputError("Changes need the sandbox's token.", {
        remedy: 'Send authorization: Bearer TOKEN; it is in .unhappy/sandboxes/.',
        status: 401,
      })
  })
}

function refuseForeign(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  const host = nameOf(`http://${request.headers.host ?? ''}`)
  if (host === undefined || !hosts.has(host))
    throw new InputError(`This sandbox is not "${request.headers.host ?? ''}".`, {
      remedy: `Use one of: ${[...hosts].join(', ')}.`,
      status: 421,
    })
  const { origin } = request.headers
  if (origin === undefined) return
  const own = URL.parse(origin)?.host === request.headers.host
  if (!own)
    throw new InputError(`Pages from "${origin}" may not speak to this sandbox.`, { status: 403 })
}

function nameOf(url: string): string | undefined {
  return URL.parse(url)?.hostname
}

function knowsToken(request: FastifyRequest, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
