import { InputError } from '#chaos/lib/errors.ts'

export interface RequestExceptions {
  /** Error texts that count as success. */
  readonly fine?: readonly string[]
  /** A status whose body is the answer all the same. */
  readonly mayFail?: number
}

/** Sends one request; resolves to the parsed body, undefined when there is none. */
export type Requester = (
  method: string,
  path: string,
  body?: unknown,
  exceptions?: RequestExceptions,
) => Promise<unknown>

export function createRequester(url: string, timeoutMs: number): Requester {
  const base = url.replace(/\/$/, '')
  return async (method, path, body, { fine = [], mayFail } = {}) => {
    const response = await send(`${base}${path}`, method, body, timeoutMs)
    const text = await response.text()
    const value: unknown = text === '' ? undefined : parse(text)
    if (response.ok || response.status === mayFail) return value
    const { error = text, remedy } = (value ?? {}) as { error?: string; remedy?: string }
    if (fine.includes(error)) return undefined
    throw new InputError(`Data plane: ${method} ${decodeURIComponent(path)}: ${error}`, {
      status: response.status,
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
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
    throw new Error(`Data plane: ${method} ${url} got no answer`, { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { error: text.trim() }
  }
}
