import { createParser } from './parsing/parser.ts'

/**
 * Payments did not do what was requested, or the outcome is unknown. `no-answer` does not mean
 * failure: payments may have executed the request, or may execute it later.
 */
export class PaymentsError extends Error {
  override readonly name = 'PaymentsError'
  readonly kind: 'no-answer' | 'overloaded' | 'refused'

  private constructor(kind: PaymentsError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }

  static noAnswer(cause: unknown): PaymentsError {
    return new PaymentsError('no-answer', 'payments did not answer', cause)
  }

  static refused(status: number, body: unknown): PaymentsError {
    const kind = status === 503 ? 'overloaded' : 'refused'
    const { message = 'no reason' } = parseReason(body) ?? {}
    return new PaymentsError(kind, `payments said ${status}: ${message}`)
  }
}

const parseReason = createParser<{ readonly message?: string }>({
  type: 'object',
  properties: { message: { type: 'string' } },
})

/** The body of a refusal of payments itself. Proxies on the way answer with other bodies. */
export const parseRefusal = createParser<{ readonly error: string; readonly message: string }>({
  type: 'object',
  required: ['error', 'message'],
  properties: { error: { type: 'string' }, message: { type: 'string' } },
})
