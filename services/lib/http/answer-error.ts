import type { FastifyReply, FastifyRequest } from 'fastify'

import { Refusal } from '../refusal.ts'
import type { Log } from '../start/log.ts'

/** Body of every response that is not a success. */
export interface ErrorBody {
  /** For programs. */
  readonly error: string
  /** The error in words. */
  readonly message: string
  /** True only if the requested effect certainly did not happen. */
  readonly definite: boolean
}

/** Turns an error into a response. Undefined if it does not recognise the error. */
export type ExplainError = (error: unknown) => Refusal | undefined

/**
 * Turns any error of a handler into a response. An unexpected error is a 500 that promises nothing.
 */
export function createErrorAnswer(log: Log, explain: ExplainError) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const refusal = asRefusal(error, explain)
    if (refusal.status >= 500)
      log.warn({ err: error, url: request.url, code: refusal.code }, 'request failed')
    if (refusal.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(refusal.retryAfterSeconds))
    const body: ErrorBody = {
      error: refusal.code,
      message: refusal.message,
      // A read changes nothing, whatever its result.
      definite: refusal.definite || request.method === 'GET',
    }
    await reply.code(refusal.status).send(body)
  }
}

function asRefusal(error: unknown, explain: ExplainError): Refusal {
  if (error instanceof Refusal) return error
  const { statusCode, message } = error as { statusCode?: number; message?: string }
  if (statusCode !== undefined && statusCode < 500)
    return new Refusal('bad-request', message ?? 'Bad request.', {
      status: statusCode,
      definite: true,
    })
  return (
    explain(error) ??
    new Refusal('internal', 'Something went wrong.', { status: 500, definite: false })
  )
}
