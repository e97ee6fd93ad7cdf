import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'

import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { plainPage, sendForm, sendPlain } from '../pages/plain-page.ts'
import { joinSeatPage } from '../pages/seat-pages.ts'
import type { Routes } from './route.ts'

const open = { config: { role: 'public' } } as const

/** The pages contain no data: they ask the API, with the token in the fragment of their address. */
export const pageRoutes: Routes = async (app, { workshop, pagesFolder, desk }) => {
  await app.register(fastifyStatic, {
    root: join(pagesFolder, 'assets'),
    prefix: '/assets/',
    // The pages may be built after the host has started.
    suppressWarning: true,
  })
  app.get('/', open, async (request, reply) => {
    const { title } = workshop.settings
    if (desk !== undefined) return await sendForm(reply, joinSeatPage(title))
    return await sendPlain(reply, joinPage(title, request.headers.host ?? ''))
  })
  for (const page of ['instructor', 'projector'] as const)
    app.get(`/${page}`, open, async (_request, reply) => {
      const html = await readFile(join(pagesFolder, `${page}.html`), 'utf8').catch(() => undefined)
      if (html === undefined) return await sendPlain(reply, notBuilt)
      return await reply.type('text/html').header('cache-control', 'no-store').send(html)
    })
}

const notBuilt = plainPage(
  'Not built',
  '<p>The page is not built. Run: <code>npm run prepare</code></p>',
)

function joinPage(title: string, host: string): string {
  return plainPage(
    escapeHtml(title),
    `<p>To join, run this where your sandbox is. The code is on the projector.</p>
<pre>npx unhappy workshop join http://${escapeHtml(host)} --code CODE --name "YOUR NAME"</pre>
<p>Or open your dashboard and use <b>Join a workshop</b>.</p>`,
  )
}
