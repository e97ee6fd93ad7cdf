import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { openCommands } from '../http/open-commands.ts'
import { plainPagePolicy, setPolicy } from '../http/security-headers.ts'
import { sessionCookie } from '../http/session-cookie.ts'
import type { Sessions } from '../http/sessions.ts'
import { Name } from '../schemas/contract-schema.ts'
import type { RoutesWith } from './route.ts'

/** Served at `/` until the dashboard is built. */
const unbuiltPage = plainPage(`<h1>The sandbox is up</h1>
<p>The dashboard is not built. Until it is built, use:</p>
<ul>
<li><code>npx unhappy status</code> shows instances, links and faults.</li>
<li><a href="api/sandbox">/api/sandbox</a> shows the same as JSON.</li>
<li><a href="api/openapi.json">/api/openapi.json</a> describes the whole API.</li>
</ul>`)

/** The page for a browser without a session. `why` is a sentence. */
const lockedPage = (why: string, head = ''): string =>
  plainPage(
    `<h1>This browser has no session</h1>
<p>${why} Run this command. It opens the dashboard:</p>
<ul>
${openCommands.map((command) => `<li><code>${command}</code></li>`).join('\n')}
</ul>`,
    head,
  )

const Query = Type.Object({ secret: Type.Optional(Name) })

/**
 * Serves the built dashboard to a browser that has a session. `/?secret=SECRET` starts a session, and redirects to an
 * address without the secret. The address contains the page key as its fragment, which no browser sends anywhere.
 */
export const dashboardRoutes: RoutesWith<{
  readonly dashboardFolder: string
  readonly sessions: Sessions
  readonly basePath: string
}> = async (app, { dashboardFolder, sessions, basePath }) => {
  app.get('/', { schema: { hide: true, querystring: Query } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    const { secret } = request.query
    const session = secret === undefined ? undefined : sessions.redeem(secret)
    if (session !== undefined) {
      void reply.header('set-cookie', sessionCookie(request, session.cookie, basePath))
      return goTo(`${basePath}#key=${session.pageKey}`, request, reply)
    }
    if (request.caller === undefined)
      return locked(secret !== undefined, basePath, { request, reply })
    return secret === undefined ? unlocked(dashboardFolder, reply) : reply.redirect(basePath, 303)
  })
  app.get('/index.html', { schema: { hide: true } }, async (_request, reply) =>
    reply.redirect(basePath),
  )
  // The dashboard may be built after the controller has started.
  await app.register(fastifyStatic, {
    root: join(dashboardFolder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '1y',
    suppressWarning: true,
  })
}

async function unlocked(dashboardFolder: string, reply: FastifyReply): Promise<FastifyReply> {
  const path = join(dashboardFolder, 'index.html')
  if (existsSync(path)) return reply.type(html).send(await readFile(path, 'utf8'))
  return setPolicy(reply, plainPagePolicy).type(html).send(unbuiltPage)
}

function locked(
  withSecret: boolean,
  basePath: string,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  const why = withSecret
    ? 'The secret in the address was used before, has expired, or is not of this sandbox.'
    : 'The dashboard is open only to the user who started the sandbox.'
  // After a link on another page the browser holds back a strict cookie. A second request, from this page, contains it.
  const head = withSecret || !isCrossSite(request) ? '' : refresh(basePath)
  return setPolicy(reply, plainPagePolicy).code(401).type(html).send(lockedPage(why, head))
}

/** A redirect after a link on another page would hold back the new cookie: there the page itself goes on. */
function goTo(address: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isCrossSite(request)) return reply.redirect(address, 303)
  return setPolicy(reply, plainPagePolicy)
    .type(html)
    .send(plainPage('<p>Opening the dashboard.</p>', refresh(address)))
}

function isCrossSite(request: FastifyRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site'
}

function refresh(address: string): string {
  return `<meta http-equiv="refresh" content="0;url=${address}">`
}

const html = 'text/html; charset=utf-8'

function plainPage(body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${head}
<title>Unhappy Path</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>
${body}
</html>
`
}
