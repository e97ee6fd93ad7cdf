import { Pool } from 'undici'
import type { Dispatcher } from 'undici'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { connectSeat } from './connect-seat.ts'

/** Of one seat at once. An open page has one stream, and a few requests. */
const connectionsMax = 32
const headersWithinMs = 60_000
/** Of a response that the host itself reads, bytes. */
const readMax = 8 * 1024 * 1024

export interface SeatRequest {
  readonly method: Dispatcher.HttpMethod
  /** Starts with `/api/`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  readonly signal?: AbortSignal
}

/** The API in one seat, as its page may use it. What a seat responds is the learner's: nothing in it is trusted. */
export interface SeatClient extends AsyncDisposable {
  /** Throws {@link InputError} with status 502 if the seat does not respond. */
  request(request: SeatRequest): Promise<Dispatcher.ResponseData>
  /** The status, and the JSON of the body; undefined if it is not JSON. */
  json(request: SeatRequest): Promise<{ readonly status: number; readonly body: unknown }>
}

export function createSeatClient(socketPath: string, token: string): SeatClient {
  const pool = new Pool('http://localhost', {
    connections: connectionsMax,
    headersTimeout: headersWithinMs,
    // A stream of events has no end.
    bodyTimeout: 0,
    connect: (_options, callback) => {
      try {
        const socket = connectSeat(socketPath)
        socket.once('connect', () => callback(null, socket))
        socket.once('error', (error) => callback(error, null))
      } catch (error) {
        callback(error as Error, null)
      }
    },
  })
  const request = async ({ headers, body, ...rest }: SeatRequest) => {
    const own = { authorization: `Bearer ${token}`, 'x-unhappy-caller': 'page' }
    try {
      return await pool.request({ ...rest, body: body ?? null, headers: { ...headers, ...own } })
    } catch (error) {
      rest.signal?.throwIfAborted()
      throw new InputError(`The seat does not respond: ${messageOf(error)}.`, {
        remedy: 'Load the page again.',
        status: 502,
        cause: error,
      })
    }
  }
  return {
    request,
    json: async (options) => {
      const { statusCode, body } = await request(options)
      return { status: statusCode, body: parsed(await textOf(body)) }
    },
    [Symbol.asyncDispose]: async () => pool.destroy(),
  }
}

async function textOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length
    if (size > readMax)
      throw new InputError('The response of the seat is too long.', { status: 502 })
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
