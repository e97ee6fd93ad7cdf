/** The body of every error response. */
export interface ApiError {
  readonly error: string
  readonly remedy?: string
  /** HTTP status. */
  readonly status: number
  /** What a program needs in addition to the text. The route says what it is. */
  readonly details?: Readonly<Record<string, unknown>>
}
