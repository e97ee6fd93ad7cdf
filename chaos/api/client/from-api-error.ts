import type { ApiError } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** An error that came over the API, as the error that it was. */
export function fromApiError(
  body: Omit<ApiError, 'status'> & { readonly status?: number },
): InputError {
  const { remedy, status, details } = body
  return new InputError(body.error, {
    ...(remedy !== undefined && { remedy }),
    ...(status !== undefined && { status }),
    ...(details !== undefined && { details }),
  })
}
