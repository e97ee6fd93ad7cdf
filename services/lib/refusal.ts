/** A response that is not a success, as the caller receives it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** For programs: `sold-out`, `overloaded`. */
  readonly code: string
  readonly status: number
  /**
   * True only if the requested effect certainly did not happen and, for this request, never will.
   */
  readonly definite: boolean
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: string,
    message: string,
    options: { status: number; definite: boolean; retryAfterSeconds?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status
    this.definite = options.definite
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
