/**
 * Payments did not do what it was asked for, or nobody knows. `no-answer` is not a no: the request may have been carried
 * out, or be carried out later.
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
    const { message } = body as { message?: string }
    const kind = status === 503 ? 'overloaded' : 'refused'
    return new PaymentsError(kind, `payments said ${status}: ${message ?? 'no reason'}`)
  }
}
