import type { FastifyReply, FastifyRequest } from 'fastify'

import { runFilePolicy, setPolicy } from '#chaos/api/http/security-headers.ts'
import { readSessionCookie } from '#chaos/api/http/session-cookie.ts'
import { pageKeyHeader } from '#chaos/api/http/sessions.ts'
import type { QueuedError, QueuePlace } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { abortWith } from '#chaos/lib/signals/abort-with.ts'

import type { SeatSession } from '../../seats/seat-access.ts'
import { idOf, startedBy } from '../../seats/seat-checks.ts'
import type { SeatRequest } from '../../seats/seat-client.ts'
import type { Seat } from '../../seats/seat.ts'
import type { SeatDesk } from '../seat-desk.ts'
import type { Routes } from './route.ts'

const open = { config: { role: 'public' } } as const

/** A request waits for a seat that wakes. */
const wakeMs = 10_000
/** Of one seat at once, streams included. */
const requestsMax = 60
const bodyMax = 1024 * 1024

/** What a page sends and a seat needs. Cookies and tokens stay here. */
const forwardedRequest = ['accept', 'content-type', 'last-event-id'] as const
const forwardedResponse = ['content-type', 'content-disposition', 'retry-after'] as const

interface Caller {
  readonly seat: Seat
  readonly session: SeatSession
  /** Starts with `/api/`. */
  readonly path: string
}

/** The API of the seats, for the browsers that may use them. */
export const seatApiRoutes: Routes = async (app, { desk, clock }) => {
  if (desk === undefined) return
  // The seat reads the body.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyMax },
    (_request, body, done) => done(null, body),
  )
  app.get('/seats/:seat/api/seat', open, async (request, reply) => {
    const { session } = callerOf(desk, request)
    return reply.header('cache-control', 'no-store').send(desk.status(session))
  })
  app.route({
    ...open,
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/seats/:seat/api/*',
    handler: async (request, reply) => {
      const caller = callerOf(desk, request)
      const { seat } = caller
      if (seat.openRequests >= requestsMax) throw tooMany(seat)
      const gone = new AbortController()
      seat.openRequests++
      seat.lastUsedMs = clock.now()
      reply.raw.once('close', () => {
        seat.openRequests--
        seat.lastUsedMs = clock.now()
        gone.abort()
      })
      if (!(await isAwake(seat, clock, gone.signal))) return await notReady(seat, reply)
      const kind = startedBy(request.method, pathOf(caller.path))
      if (kind === undefined) return await forward(caller, request, reply, gone.signal)
      return await startCheck({ desk, caller, request, reply, kind, signal: gone.signal })
    },
  })
}

/** Throws {@link InputError} for a browser that may not do this with this seat. */
function callerOf(desk: SeatDesk, request: FastifyRequest): Caller {
  const [, number = '', path = ''] = /^\/seats\/([1-9]\d{0,3})(\/api\/.*)$/.exec(request.url) ?? []
  const session = desk.seats.access.find(Number(number), readSessionCookie(request))
  // Other seats look the same whether they exist or not.
  if (session === undefined)
    throw new InputError('This browser has no access to this seat.', {
      remedy: 'Open it in the browser where you joined, or ask the instructor for a link to it.',
      status: 401,
    })
  if (request.method === 'GET' || request.method === 'HEAD')
    return { seat: desk.require(session.seat), session, path }
  if (!desk.seats.access.isKey(session, request.headers[pageKeyHeader]))
    throw new InputError('The request has a session and not the key of its page.', {
      remedy: 'Ask the instructor for a new link to this seat.',
      status: 403,
    })
  if (!desk.mayChange(session))
    throw new InputError('You look into the seat of a learner, and can change nothing.', {
      remedy: 'You can from the moment when the learner asks for help until you mark it as seen.',
      status: 403,
    })
  return { seat: desk.require(session.seat), session, path }
}

/** False: it takes longer. Throws {@link InputError} if the seat does not start. */
async function isAwake(seat: Seat, clock: Clock, signal: AbortSignal): Promise<boolean> {
  if (seat.state === 'ready') return true
  using waited = abortWith(signal)
  const late = clock.sleep(wakeMs, waited.signal).then(
    () => false,
    () => false,
  )
  const isReady = await Promise.race([seat.wake().then(() => true), late])
  waited.abort()
  return isReady
}

async function notReady(seat: Seat, reply: FastifyReply): Promise<FastifyReply> {
  return await reply
    .code(503)
    .header('retry-after', '2')
    .send({
      error: `Seat ${seat.seat} is starting.`,
      remedy: 'Wait a few seconds.',
      status: 503,
    })
}

async function forward(
  { seat, path }: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const response = await seat.client.request(requestFor(request, path, signal))
  for (const name of forwardedResponse) {
    const value = response.headers[name]
    if (typeof value === 'string') void reply.header(name, value)
  }
  // Whatever a seat responds: as a page of its own it has no origin, so it reaches neither cookies nor other seats.
  return await setPolicy(reply, runFilePolicy)
    .code(response.statusCode)
    .header('cache-control', 'no-store')
    .send(response.body)
}

function requestFor(request: FastifyRequest, path: string, signal: AbortSignal): SeatRequest {
  const headers: Record<string, string> = {}
  for (const name of forwardedRequest) {
    const value = request.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  const { body } = request
  return {
    method: request.method,
    path,
    headers,
    ...(Buffer.isBuffer(body) && { body }),
    signal,
  }
}

/** Waits for its turn, starts the check, and gives the turn to the next one when the check has ended. */
async function startCheck({
  desk,
  caller,
  request,
  reply,
  kind,
  signal,
}: {
  readonly desk: SeatDesk
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly kind: 'runs' | 'xrays'
  readonly signal: AbortSignal
}): Promise<FastifyReply> {
  const { seat, path } = caller
  const { queue } = desk.seats
  const place = await queue.enter(seat.seat, signal)
  if (place !== null) return await reply.code(503).header('retry-after', '0').send(queued(place))
  let id: string | undefined
  try {
    // From here on it starts, even if the browser is gone: its end must be known.
    const started = await seat.client.json(
      requestFor(request, path, AbortSignal.timeout(startWithinMs)),
    )
    id = started.status < 300 ? idOf(started.body) : undefined
    return await reply.code(started.status).send(started.body)
  } finally {
    if (id === undefined) queue.leave(seat.seat)
    else void desk.seats.watchCheck(seat, `/api/${kind}/${encodeURIComponent(id)}`)
  }
}

function queued(place: QueuePlace): QueuedError {
  return {
    error: `The check waits: place ${place.place} of ${place.of}.`,
    remedy: 'Send the request again to keep the place.',
    status: 503,
    queue: place,
  }
}

/** The seat responds when the run has started. */
const startWithinMs = 60_000

/** For comparison only: the seat receives the path as it is. */
function pathOf(path: string): string {
  const [plain = ''] = path.split('?')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

function tooMany(seat: Seat): InputError {
  return new InputError(`Seat ${seat.seat} has ${seat.openRequests} requests in progress.`, {
    remedy: 'Close some of its pages.',
    status: 429,
  })
}
