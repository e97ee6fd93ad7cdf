import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

/** Served at `/` until the dashboard is built. */
const plainPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Unhappy Path</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>The sandbox is up</h1>
<p>The dashboard is not built. Until it is built, use:</p>
<ul>
<li><code>npx unhappy status</code> shows instances, links and faults.</li>
<li><a href="/api/sandbox">/api/sandbox</a> shows the same as JSON.</li>
<li><a href="/api/openapi.json">/api/openapi.json</a> describes the whole API.</li>
</ul>
</html>
`

/**
 * Serves the built dashboard. The page contains the token: a client that can read a page of this origin may make changes.
 * The checks of Host and Origin decide which clients can.
 */
export const dashboardRoutes: FastifyPluginAsync<{
  readonly dashboardFolder: string
  readonly token: string
}> = async (app, { dashboardFolder, token }) => {
  const page = async (): Promise<string> => {
    const path = join(dashboardFolder, 'index.html')
    if (!existsSync(path)) return plainPage
    const html = await readFile(path, 'utf8')
    const meta = `<meta name="unhappy-token" content="${token}">`
    return html.includes('<head>') ? html.replace('<head>', `<head>${meta}`) : meta + html
  }
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(await page()),
  )
  app.get('/index.html', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/'))
  if (existsSync(join(dashboardFolder, 'assets')))
    await app.register(fastifyStatic, {
      root: join(dashboardFolder, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '1y',
    })
}
