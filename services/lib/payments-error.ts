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

interface Answer {
  readonly status: number
  readonly body: unknown
}

/**
 * Throws for every status that is not a success. Only payments itself can refuse: an error page of
 * a proxy does not say what payments did.
 */
export function throwIfRefused({ status, body }: Answer): void {
  if (status < 300) return
  if (parseRefusal(body) === undefined)
    throw PaymentsError.noAnswer(new Error(`Status ${status} without a refusal of payments.`))
  throw PaymentsError.refused(status, body)
}

/** The response is not what was requested, so the outcome is unknown. */
export function unreadable({ status }: Answer, expected: string): PaymentsError {
  return PaymentsError.noAnswer(new Error(`Status ${status}, but the body is not ${expected}.`))
}
