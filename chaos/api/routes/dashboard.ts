import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

import { plainPage } from '../http/plain-page.ts'

/**
 * The built dashboard. Its page gets the token injected: who can read a page of this origin may use it, and Host and
 * Origin decide who can.
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
