import { get, type IncomingMessage } from 'node:http'

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
  return async (method, path, body, { ignore = [], accept } = {}) => {
    const response = await send(url, { method, path, body, timeoutMs })
    const text = await response.text()
    if (response.ok || response.status === accept) return text === '' ? undefined : parse(text)
    const refused = refusalOf(text)
    if (ignore.includes(refused.error)) return undefined
    throw refusal(`${method} ${path}`, response.status, refused)
  }
}

/** The text of a GET. Throws an InputError if it is refused. */
export async function requestText(url: string, path: string, timeoutMs: number): Promise<string> {
  const response = await send(url, { method: 'GET', path, timeoutMs })
  const text = await response.text()
  if (response.ok) return text
  throw refusal(`GET ${path}`, response.status, refusalOf(text))
}

/**
 * The body of a GET, as the chunks in which it arrived. Throws an InputError if it is refused. A recording can have many
 * megabytes: `node:http` gives them without a copy, `fetch` copies them twice.
 */
export async function requestChunks(
  base: string,
  path: string,
  timeoutMs: number,
): Promise<Buffer[]> {
  const url = urlOf(base, path)
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { signal }, resolve).on('error', reject)
    })
    const chunks = (await response.toArray({ signal })) as Buffer[]
    const { statusCode = 0 } = response
    if (statusCode < 400) return chunks
    throw refusal(`GET ${path}`, statusCode, refusalOf(Buffer.concat(chunks).toString()))
  } catch (error) {
    if (error instanceof InputError) throw error
    throw noResponse('GET', url, error)
  }
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly timeoutMs: number
}

async function send(base: string, { method, path, body, timeoutMs }: Sent): Promise<Response> {
  const url = urlOf(base, path)
  try {
    return await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    })
  } catch (error) {
    throw noResponse(method, url, error)
  }
}

function urlOf(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}${path}`
}

function noResponse(method: string, url: string, cause: unknown): InputError {
  return new InputError(`Data plane: ${method} ${url} received no response`, {
    status: 503,
    cause,
    remedy:
      'The links are restarting, or gone: unhappy status shows it. If they do not come back, start the sandbox again (unhappy down, then unhappy up), or adopt the system again (unhappy release, then unhappy adopt).',
  })
}

interface Refusal {
  readonly error: string
  readonly remedy?: string
}

/** What an error response says; its text if it does not say it as JSON. */
function refusalOf(text: string): Refusal {
  const { error = text, ...rest } = (parse(text) ?? {}) as Partial<Refusal>
  return { error, ...rest }
}

function refusal(request: string, status: number, { error, remedy }: Refusal): InputError {
  return new InputError(`Data plane: ${decodeURIComponent(request)}: ${error}`, {
    status,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { error: text.trim() }
  }
}
