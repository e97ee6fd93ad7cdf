import { apiCalls } from '../../../api/client/api-calls.ts'
import type { SendRequest } from '../../../api/client/api-calls.ts'
import type { ApiError } from '../../../contracts/api.ts'

const token = document.querySelector<HTMLMetaElement>('meta[name="unhappy-token"]')?.content ?? ''

/** An error response of the controller: its message and what to do. */
export class RequestError extends Error {
  readonly remedy: string | undefined
  readonly status: number

  constructor(error: ApiError) {
    super(error.error)
    this.remedy = error.remedy
    this.status = error.status
  }
}

const request: SendRequest = async <T>(method: string, path: string, body?: unknown) => {
  const response = await fetchOrSay(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const value: unknown = text === '' ? undefined : parse(text)
  if (!response.ok) throw new RequestError(errorOf(value, response.status))
  return value as T
}

/** The controller's API: the same calls as the CLI's. */
export const api = apiCalls(request)

/** A browser only says "Failed to fetch". */
async function fetchOrSay(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch {
    throw new RequestError({ error: 'The controller does not answer.', status: 0 })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(value: unknown, status: number): ApiError {
  if (typeof value === 'object' && value !== null && 'error' in value) return value as ApiError
  return { error: `The controller answered ${status}.`, status }
}
