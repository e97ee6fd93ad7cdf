import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'

import type { ApiError } from '#chaos/contracts/api.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { excerpt, shortened } from '#chaos/lib/excerpt.ts'

/** Every error leaves as an {@link ApiError}: what happened, the value, and what to do. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | InputError>(async (error, request, reply) => {
    const body = invalidRequest(error, request) ?? toApiError(error)
    // The cause of an InputError is outside of the controller, for example a store that is paused.
    if (body.status >= 500 && !(error instanceof InputError))
      process.stderr.write(`${request.method} ${request.url}: ${error.stack}\n`)
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({
      error: `There is no route ${request.method} ${shortened(request.url)}.`,
      remedy: 'GET /api/openapi.json lists the routes.',
      status: 404,
    } satisfies ApiError),
  )
}

/** An error as the API reports it: in a response, or as the error of a run. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof InputError)
    return {
      error: error.message,
      status: error.status,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.details === undefined ? {} : { details: error.details }),
    }
  const { statusCode = 500 } = error as Partial<FastifyError>
  return { error: messageOf(error), status: statusCode }
}

/** The first mistake that the route's schema found in the request; undefined for any other error. */
function invalidRequest(
  error: FastifyError | InputError,
  request: FastifyRequest,
): ApiError | undefined {
  if (error instanceof InputError || error.validation === undefined) return undefined
  const [mistake] = error.validation
  const part = error.validationContext ?? 'body'
  const path = mistake?.instancePath ?? ''
  const found = valueAt(partsOf(request)[part], path)
  return {
    error: `${part}${path.replaceAll('/', '.')} is ${excerpt(found)}: it ${mistake?.message ?? 'is not valid'}${details(mistake?.params)}.`,
    remedy: 'GET /api/openapi.json describes the request.',
    status: 400,
  }
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
