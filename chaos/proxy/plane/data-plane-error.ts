/** An answer of the API that is no success: Toxiproxy's texts and statuses. */
export class DataPlaneError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}
