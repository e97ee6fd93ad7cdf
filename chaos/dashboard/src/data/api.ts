import { apiCalls } from '../../../api/client/api-calls.ts'
import type { SendRequest } from '../../../api/client/api-calls.ts'
import type { ApiError } from '../../../contracts/api.ts'
import type { QueuedError } from '../../../contracts/workshop.ts'
import { readPageKey } from './page-key.ts'

/** An error response of the controller: its message, and `remedy` says what to do. `status` is 0 without a response. */
export class RequestError extends Error {
  readonly remedy: string | undefined
  readonly status: number
  /** The whole response: some routes add fields. */
  readonly body: ApiError

  constructor(error: ApiError) {
    super(error.error)
    this.body = error
    this.remedy = error.remedy
    this.status = error.status
  }
}

const request: SendRequest = async <T>(
  method: Parameters<SendRequest>[0],
  path: string,
  body?: unknown,
) => {
  const response = await fetchFromController(path.slice(1), {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-unhappy-key': readPageKey() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const value: unknown = text === '' ? undefined : parse(text)
  // In a seat, checks wait for their turn. The same request again keeps the place: see the notice of the seat.
  if (response.status === 503 && isQueued(value)) return await request<T>(method, path, body)
  if (!response.ok) throw new RequestError(errorOf(value, response.status))
  return value as T
}

/** The controller's API. The CLI uses the same calls. */
export const api = apiCalls(request)

/** A file in the folder of a run. */
export function runFileUrl(run: string, file: string): string {
  return `api/runs/${encodeURIComponent(run)}/files/${encodeURIComponent(file)}`
}

/** The text of a file in the folder of a run. */
export async function readRunFile(run: string, file: string): Promise<string> {
  const response = await fetchFromController(runFileUrl(run, file), { method: 'GET' })
  const text = await response.text()
  if (!response.ok) throw new RequestError(errorOf(parse(text), response.status))
  return text
}

/** A run and its whole history, as one JSON file. */
export function runExportUrl(run: string): string {
  return `api/runs/${encodeURIComponent(run)}/export.json`
}

/** The message and the remedy of an error. */
export function failureText(failure: unknown): string {
  if (failure instanceof RequestError)
    return failure.remedy === undefined ? failure.message : `${failure.message} ${failure.remedy}`
  return failure instanceof Error ? failure.message : String(failure)
}

/** The URL has no slash at its start: a proxy may serve the page under a path. Replaces the browser's "Failed to fetch". */
async function fetchFromController(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch {
    throw new RequestError({ error: 'The controller does not respond.', status: 0 })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isQueued(value: unknown): value is QueuedError {
  return typeof value === 'object' && value !== null && 'queue' in value
}

function errorOf(value: unknown, status: number): ApiError {
  if (typeof value === 'object' && value !== null && 'error' in value) return value as ApiError
  return { error: `The controller responded with status ${status}.`, status }
}
