import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { ApiError } from '#chaos/contracts/api.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { excerpt, shortened } from '#chaos/lib/excerpt.ts'

/** A request with an `expect` other than `100-continue`. */
export function handleExpectation(request: IncomingMessage, response: ServerResponse): void {
  const body: ApiError = {
    error: `The request expects ${excerpt(request.headers.expect)}, which this server does not do.`,
    remedy: 'Send no header expect.',
    status: 417,
  }
  response.writeHead(417, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify(body))
}

/** Every error leaves as an {@link ApiError}: what happened, the value, and what to do. */
export function handleErrors(app: FastifyInstance, usualRemedy = anyRemedy): void {
  app.setErrorHandler<FastifyError | InputError>(async (error, request, reply) => {
    const body = invalidRequest(error, request, usualRemedy) ?? toApiError(error, usualRemedy)
    // The cause of an InputError is outside of the controller, for example a store that is paused.
    if (body.status >= 500 && !(error instanceof InputError))
      process.stderr.write(`${request.method} ${request.url}: ${error.stack}\n`)
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({
      error: `There is no route ${request.method} ${shortened(request.url)}.`,
      remedy: usualRemedy,
      status: 404,
    } satisfies ApiError),
  )
}

/** What to do about an error of Fastify, by its code. */
const remedies: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'Send one JSON value in UTF-8 as the body.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'Send a JSON value as the body, or no content-type.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'Send a body of at most 1 MiB.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'Send as many bytes as content-length says.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send content-type: application/json.',
  FST_ERR_BAD_URL: 'Write % only before two hexadecimal digits.',
  FST_ERR_MAX_PARAM_LENGTH: 'Use a name of at most 200 characters.',
}
const anyRemedy = 'GET /api/openapi.json describes every request.'

/** For errors that Fastify finds before it looks for a route. The guard of requests does not run. */
export function frameworkErrorHandler(
  usualRemedy = anyRemedy,
): (error: FastifyError, request: unknown, reply: FastifyReply) => void {
  return (error, _request, reply) => {
    const body = toApiError(error, usualRemedy)
    void reply.code(body.status).send(body)
  }
}

/** What Node's HTTP parser refuses, by its code. */
const notHttp: Readonly<Record<string, readonly [status: string, error: string, remedy: string]>> =
  {
    ERR_HTTP_REQUEST_TIMEOUT: [
      '408 Request Timeout',
      'The request was not complete in time.',
      'Send the whole request at once.',
    ],
    HPE_HEADER_OVERFLOW: [
      '431 Request Header Fields Too Large',
      'The address and the headers of the request are longer than 16 KiB.',
      'Send shorter headers.',
    ],
  }

/** Bytes that are not a request of HTTP. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [line, what, remedy] = notHttp[error.code ?? ''] ?? [
    '400 Bad Request',
    `The bytes are not a request of HTTP/1.1: ${error.message}.`,
    'Send a request line, headers, an empty line and the body.',
  ]
  const status = Number(line.slice(0, 3))
  const body = JSON.stringify({ error: what, remedy, status } satisfies ApiError)
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  socket.destroy(error)
}

/** An error as the API reports it: in a response, or as the error of a run. */
export function toApiError(error: unknown, usualRemedy = anyRemedy): ApiError {
  if (error instanceof InputError)
    return {
      error: error.message,
      status: error.status,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.details === undefined ? {} : { details: error.details }),
    }
  const { statusCode = 500, code = '' } = error as Partial<FastifyError>
  const remedy = remedies[code] ?? (statusCode < 500 ? usualRemedy : undefined)
  return {
    error: remedies[code] === undefined ? messageOf(error) : withoutLongWords(messageOf(error)),
    status: statusCode,
    ...(remedy === undefined ? {} : { remedy }),
  }
}

/** The first mistake that the route's schema found in the request; undefined for any other error. */
function invalidRequest(
  error: FastifyError | InputError,
  request: FastifyRequest,
  remedy: string,
): ApiError | undefined {
  if (error instanceof InputError || error.validation === undefined) return undefined
  const [mistake] = error.validation
  const part = error.validationContext ?? 'body'
  const path = mistake?.instancePath ?? ''
  const found = valueAt(partsOf(request)[part], path)
  return {
    error: `${part}${path.replaceAll('/', '.')} is ${excerpt(found)}: it ${mistake?.message ?? 'is not valid'}${details(mistake?.params)}.`,
    remedy,
    status: 400,
  }
}

/** Fastify puts the whole path into its messages. */
function withoutLongWords(message: string): string {
  return message.replaceAll(/\S{61,}/g, (word) => shortened(word))
}

function partsOf({
  body,
  params,
  query,
  headers,
}: FastifyRequest): Readonly<Record<string, unknown>> {
  return { body, params, querystring: query, headers }
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce((outer, name) => (outer as Record<string, unknown> | null)?.[name], value)
}

function details(params: Readonly<Record<string, unknown>> = {}): string {
  const { allowedValues, additionalProperty } = params
  if (Array.isArray(allowedValues)) return `: ${allowedValues.join(', ')}`
  return typeof additionalProperty === 'string' ? `: ${shortened(additionalProperty)}` : ''
}
