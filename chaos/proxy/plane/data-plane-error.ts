/**
 * An error response of the API. `message` and `status` are Toxiproxy's, because clients compare them. `plain` and `remedy`
 * say the same for a user who wrote a configuration file.
 */
export class DataPlaneError extends Error {
  override readonly name = 'DataPlaneError'
  readonly status: number
  /** What is wrong, in plain words; undefined: `message` is plain enough. */
  readonly plain: string | undefined
  /** One sentence: what to do. */
  readonly remedy: string | undefined
  /** Where the wrong value is, from the outside in, such as `proxy 2`, `toxic 1`. See {@link locate}. */
  readonly places: string[] = []

  constructor(
    status: number,
    message: string,
    options: { readonly plain?: string; readonly remedy?: string } = {},
  ) {
    super(message)
    this.status = status
    this.plain = options.plain
    this.remedy = options.remedy
  }
}

/** Runs `read`; a {@link DataPlaneError} that it throws also names the place. */
export function locate<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DataPlaneError) error.places.unshift(place)
    throw error
  }
}
