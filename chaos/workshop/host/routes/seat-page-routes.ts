import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Check } from 'typebox/value'

import { readSessionCookie, sessionCookie } from '#chaos/api/http/session-cookie.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'
import { JoinRequestSchema } from '#chaos/contracts/workshop.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { NewSession } from '../../seats/seat-access.ts'
import type { Seat } from '../../seats/seat.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { isRightCode } from '../join-workshop.ts'
import { sendForm, sendPlain, sendWaiting } from '../pages/plain-page.ts'
import {
  goOnPage,
  joinSeatPage,
  lockedSeatPage,
  waitingPage,
  waitScript,
} from '../pages/seat-pages.ts'
import type { SeatDesk } from '../seat-desk.ts'
import type { Routes } from './route.ts'

const open = { config: { role: 'public' } } as const
const OfSeat = Type.Object({ seat: Type.Integer({ minimum: 1, maximum: 1_000 }) })
const Secret = Type.Object({
  secret: Type.Optional(Type.String({ minLength: 1, maxLength: nameLengthMax })),
})
const cookieSeconds = 30 * 24 * 3_600

/** The pages of seats: to join, to wait, and the dashboard. The host serves the dashboard itself, so no script of a seat runs. */
export const seatPageRoutes: Routes = async (app, options) => {
  const { desk, pagesFolder, clock } = options
  if (desk === undefined) return
  await app.register(joining, options)
  app.get('/seats/wait.js', open, async (_request, reply) =>
    reply.type('text/javascript').send(waitScript),
  )
  await app.register(fastifyStatic, {
    root: join(pagesFolder, 'assets'),
    serve: false,
    suppressWarning: true,
  })
  app.get<{ Params: { '*': string } }>('/seats/:seat/assets/*', open, async (request, reply) =>
    reply.sendFile(request.params['*'], { immutable: true, maxAge: '1y' }),
  )
  app.get('/seats/:seat', { ...open, schema: { params: OfSeat } }, async ({ params }, reply) =>
    reply.redirect(`/seats/${params.seat}/`),
  )
  app.get(
    '/seats/:seat/',
    { ...open, schema: { params: OfSeat, querystring: Secret } },
    async (request, reply) => {
      const seat = desk.require(request.params.seat)
      void reply.header('cache-control', 'no-store')
      const { secret } = request.query
      const opened = secret === undefined ? undefined : desk.redeem(seat.seat, secret)
      if (opened !== undefined) return await enter(opened, request, reply)
      const session = desk.seats.access.find(seat.seat, readSessionCookie(request))
      if (session === undefined) return await refuse(seat, secret, request, reply)
      if (secret !== undefined) return reply.redirect(`/seats/${seat.seat}/`, 303)
      seat.lastUsedMs = clock.now()
      if (seat.state !== 'ready') {
        seat.wake().catch(() => undefined)
        return await sendWaiting(reply.code(503).header('retry-after', '1'), waiting(seat))
      }
      const key = desk.seats.access.takeKey(session)
      if (key !== undefined) return reply.redirect(`/seats/${seat.seat}/#key=${key}`, 303)
      const html = await readFile(join(pagesFolder, 'index.html'), 'utf8').catch(() => undefined)
      if (html === undefined)
        throw new InputError('The page is not built.', {
          remedy: 'Run on the machine of the host: npm run prepare',
          status: 503,
        })
      return await reply
        .type('text/html')
        .send(html.replace('<html', `<html data-seat="${seat.seat}"`))
    },
  )
}

const joining: Routes = async (app, { workshop, desk, clock }) => {
  /** As in the routes of members: a class may have one address, so only wrong codes count. */
  const wrongCodes = createRateLimit(clock, { burst: 30, perSecond: 0.5 })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.post('/seats', { config: { role: 'public', acceptsForm: true } }, async (request, reply) => {
    try {
      const form = formOf(request.body)
      wrongCodes.require(request.ip)
      if (!isRightCode(workshop.settings, form)) {
        wrongCodes.take(request.ip)
        throw new InputError('The join code is wrong.', {
          remedy: 'Ask the instructor for the code. It is on the projector.',
          status: 403,
        })
      }
      return await enter(giveSeat(desk, form), request, reply)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const text = `${error.message} ${error.remedy ?? ''}`
      return await sendForm(reply.code(error.status), joinSeatPage(workshop.settings.title, text))
    }
  })
}

interface JoinForm {
  readonly name: string
  readonly code: string
  readonly acceptsIncidents: boolean
}

function formOf(body: unknown): JoinForm {
  const { name, code, incidents } = body as Readonly<Record<string, unknown>>
  const form = { name, code, acceptsIncidents: incidents === 'yes' }
  if (Check(JoinRequestSchema, { url: 'seat', ...form })) return form as JoinForm
  throw new InputError('The name or the code is not valid.', { remedy: 'Use a shorter name.' })
}

function giveSeat(desk: SeatDesk | undefined, form: JoinForm): NewSession {
  if (desk === undefined) throw new InputError('This host has no seats.', { status: 404 })
  const opened = desk.give(form.name, form.acceptsIncidents)
  // It starts while the browser loads the page.
  desk
    .require(opened.session.seat)
    .wake()
    .catch(() => undefined)
  return opened
}

/** After a link on another page, a redirect would hold back the new cookie: the page itself goes on. */
async function enter(
  { session, cookie }: NewSession,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const path = `/seats/${session.seat}/`
  void reply.header(
    'set-cookie',
    `${sessionCookie(request, cookie, path)}; Max-Age=${cookieSeconds}`,
  )
  if (!isCrossSite(request)) return reply.redirect(path, 303)
  return await sendPlain(reply, goOnPage(path))
}

async function refuse(
  { seat }: Seat,
  secret: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (isCrossSite(request) && secret === undefined)
    return await sendPlain(reply, goOnPage(`/seats/${seat}/`))
  return await sendPlain(reply.code(401), lockedSeatPage(seat))
}

function waiting({ seat, state, problem }: Seat): string {
  return waitingPage(seat, state === 'full' || state === 'failed' ? problem : null)
}

function isCrossSite(request: FastifyRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site'
}
