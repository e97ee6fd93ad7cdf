import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import { parseGoJson } from './go-json.ts'
import { refuseOrigin } from './origin-guard.ts'
import { type ApiResponse, errorResponse, notFound } from './response.ts'
import { matchPath, type PathParameters, type ApiRoute } from './route.ts'

const bodyBytesMax = 8 * 1024 * 1024

export interface ApiServerOptions {
  readonly routes: readonly ApiRoute[]
  /** Allowed origins of pages in addition to this machine, such as `http://dashboard:3000`. */
  readonly allowOrigins: readonly string[]
}

/** The server of the API. Call `listen` on it. */
export function createApiServer(options: ApiServerOptions): Server {
  const server = createServer((request, response) => {
    response.setHeader('x-toxiproxy-request-id', randomUUID())
    void respond(options, request, response)
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function respond(
  options: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = guard(options, request, response)
  if (refused !== undefined) return send(response, refused)
  const path = (request.url ?? '/').replace(/\?.*$/, '')
  for (const route of options.routes) {
    const parameters = matchPath(route.path, path)
    if (parameters === undefined) continue
    if (route.stream !== undefined && request.method === 'GET')
      return route.stream(request, response)
    return send(response, await handle(route, parameters, request))
  }
  send(response, notFound)
}

/** Refuses requests of foreign pages and responds to preflight requests. */
function guard(
  { allowOrigins }: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): ApiResponse | undefined {
  const { origin, host, 'user-agent': userAgent } = request.headers
  const refused = refuseOrigin({ origin, host, userAgent }, allowOrigins)
  if (refused !== undefined) return errorResponse(403, refused)
  if (origin === undefined) return undefined
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('vary', 'origin')
  const preflight =
    request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
  if (!preflight) return undefined
  response.setHeader('access-control-allow-methods', 'GET, POST, PATCH, DELETE')
  response.setHeader('access-control-allow-headers', 'content-type, last-event-id')
  return { status: 204 }
}

async function handle(
  route: ApiRoute,
  parameters: PathParameters,
  request: IncomingMessage,
): Promise<ApiResponse> {
  const handler = route.methods?.[request.method ?? '']
  if (handler === undefined) return { status: 405 }
  try {
    const text = await readBody(request)
    return await handler(parameters, () => parseGoJson(text), request.headers)
  } catch (error) {
    if (error instanceof DataPlaneError) return errorResponse(error.status, error.message)
    if (error instanceof InputError)
      return errorResponse(
        error.status,
        error.message,
        error.remedy ? { remedy: error.remedy } : {},
      )
    return errorResponse(500, messageOf(error))
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > bodyBytesMax)
      throw new DataPlaneError(413, `bad request body: more than ${bodyBytesMax} bytes`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, { status, type, text = '', blocks }: ApiResponse): void {
  if (response.headersSent || response.destroyed) return
  response.statusCode = status
  if (type !== undefined) response.setHeader('content-type', type)
  if (type?.startsWith('text/plain')) response.setHeader('x-content-type-options', 'nosniff')
  if (blocks === undefined) {
    response.end(text)
    return
  }
  const head = Buffer.from(text)
  const bytes = blocks.reduce((sum, { length }) => sum + length, head.length)
  response.setHeader('content-length', bytes)
  response.write(head)
  for (const block of blocks) response.write(block)
  response.end()
}
