import type { FastifyError, FastifyInstance } from 'fastify'

import type { ApiError } from '#chaos/contracts/api.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

/** Every error leaves as an {@link ApiError}: what is wrong, and what to do. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | InputError>(async (error, request, reply) => {
    const body = toApiError(error)
    if (body.status >= 500)
      process.stderr.write(`${request.method} ${request.url}: ${error.stack}\n`)
    return reply.code(body.status).send(body)
  })
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({
      error: `There is no ${request.method} ${request.url}.`,
      remedy: 'See /api/openapi.json.',
      status: 404,
    } satisfies ApiError),
  )
}

/** The shape in which an error leaves, whether as an answer or in a run's view. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof InputError)
    return {
      error: error.message,
      status: error.status,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    }
  const { statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation !== undefined) {
    const first = validation[0]
    const where = `${validationContext ?? 'body'}${(first?.instancePath ?? '').replaceAll('/', '.')}`
    return { error: `${where} ${first?.message ?? 'is not valid'}.`, status: 400 }
  }
  return { error: messageOf(error), status: statusCode ?? 500 }
}
