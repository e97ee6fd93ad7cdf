import { InputError } from '#chaos/lib/errors.ts'

/** Error responses that the caller expects. */
export interface ExpectedErrors {
  /** Error texts to ignore: the request resolves to undefined. */
  readonly ignore?: readonly string[]
  /** An error status whose body is a result. */
  readonly accept?: number
}

/** Sends one request; resolves to the parsed body, or undefined if there is none. Throws an InputError if it is refused. */
export type Requester = (
  method: string,
  path: string,
  body?: unknown,
  expected?: ExpectedErrors,
) => Promise<unknown>

export function createRequester(url: string, timeoutMs: number): Requester {
  const base = url.replace(/\/$/, '')
  return async (method, path, body, { ignore = [], accept } = {}) => {
    const response = await send(`${base}${path}`, method, body, timeoutMs)
    const text = await response.text()
    const value: unknown = text === '' ? undefined : parse(text)
    if (response.ok || response.status === accept) return value
    const { error = text, remedy } = (value ?? {}) as { error?: string; remedy?: string }
    if (ignore.includes(error)) return undefined
    throw new InputError(`Data plane: ${method} ${decodeURIComponent(path)}: ${error}`, {
      status: response.status,
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
}

/** The text of a GET. Throws an InputError if it is refused. */
export async function requestText(url: string, path: string, timeoutMs: number): Promise<string> {
  const response = await send(`${url.replace(/\/$/, '')}${path}`, 'GET', undefined, timeoutMs)
  const text = await response.text()
  if (response.ok) return text
  throw new InputError(`Data plane: GET ${path}: ${text.trim()}`, { status: response.status })
}

async function send(
  url: string,
  method: string,
  body: unknown,
  timeoutMs: number,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    })
  } catch (error) {
    throw new Error(`Data plane: ${method} ${url} received no response`, { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { error: text.trim() }
  }
}
