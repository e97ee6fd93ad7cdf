import type { FastifyRequest } from 'fastify'

/** The cookie of a new session, for a path and what is below it. A browser deletes it when it closes. */
export function sessionCookie(request: FastifyRequest, value: string, path: string): string {
  return `${nameOf(request)}=${value}; Path=${path}; HttpOnly; SameSite=Strict`
}

/** The value of the request's session cookie. */
export function readSessionCookie(request: FastifyRequest): string | undefined {
  const prefix = `${nameOf(request)}=`
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length)
}

/**
 * Cookies do not distinguish ports: two sandboxes on one host would overwrite each other's cookie. So the name contains the
 * port that the browser sees, which is another one behind a forwarded port.
 */
function nameOf(request: FastifyRequest): string {
  const port = URL.parse(`http://${request.headers.host ?? ''}`)?.port ?? ''
  return `unhappy-session-${port === '' ? '80' : port}`
}
