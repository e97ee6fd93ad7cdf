import type { FastifyRequest } from 'fastify'

import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

/** A form on any page can send the other content types without asking first. */
export function refuseForm(request: FastifyRequest): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    (request.headers['content-length'] ?? '0') !== '0'
  const type = request.headers['content-type']
  if (type === undefined ? !hasBody : /^application\/json\s*(;|$)/i.test(type)) return
  throw new InputError(
    type === undefined
      ? 'The request has a body and no content-type.'
      : `The content-type is "${shortened(type)}". Changes must be JSON.`,
    { remedy: 'Send content-type: application/json.', status: 415 },
  )
}

/** A foreign Host is DNS rebinding, and a foreign Origin is another page. Throws {@link InputError}. */
export function refuseForeign(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  const host = nameOf(request.headers.host ?? '')
  if (host === undefined || !hosts.has(host))
    throw new InputError(
      `The host "${shortened(request.headers.host ?? '')}" is not a name of this server.`,
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
      `The page comes from "${shortened(origin)}". Only this server's own page can use its API.`,
      {
        remedy: `Open http://${request.headers.host ?? ''}/, or use a client that sends no Origin.`,
        status: 403,
      },
    )
}

/** Undefined: it has more than a name and a port, such as a user or a path. */
function nameOf(text: string): string | undefined {
  const url = URL.parse(`http://${text}`)
  return url === null || /[@/\\?#\s]/.test(text) ? undefined : url.hostname
}
