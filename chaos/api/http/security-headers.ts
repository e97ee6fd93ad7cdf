import type { FastifyInstance, FastifyReply } from 'fastify'

/** The built dashboard loads only its own files and calls only its own API. */
export const dashboardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Pages without a script. */
export const plainPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Files of a run contain text from outside, such as log lines. `sandbox` gives them an origin of their own, without cookies
 * and without access to the API. Their inline scripts run. They load nothing.
 */
export const runFilePolicy =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function setPolicy(reply: FastifyReply, policy: string): FastifyReply {
  return reply.header('content-security-policy', policy)
}

/** Every response has these headers. A route may set another policy. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    setPolicy(reply, dashboardPolicy)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    // Other pages of this machine cannot load a response as a script or an image.
    reply.header('cross-origin-resource-policy', 'same-origin')
  })
}
