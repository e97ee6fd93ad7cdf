/** The body of every error response. */
export interface ApiError {
  readonly error: string
  readonly remedy?: string
  /** HTTP status. */
  readonly status: number
}
