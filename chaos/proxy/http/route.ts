import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

import type { ApiResponse } from './response.ts'

/** The values of the path's parts in braces, decoded. */
export type PathParameters = Readonly<Record<string, string | undefined>>

/** `body()` parses the request's body: a handler calls it after it has found the names of the path. */
export type Handler = (
  parameters: PathParameters,
  body: () => unknown,
  headers: IncomingHttpHeaders,
) => ApiResponse | Promise<ApiResponse>

export interface ApiRoute {
  /** `/proxies/{proxy}` */
  readonly path: string
  readonly methods?: Readonly<Record<string, Handler>>
  /** Handles GET and writes the response itself, for example an endless stream. */
  readonly stream?: (request: IncomingMessage, response: ServerResponse) => void
}

/** The parameters of a path that matches, otherwise undefined. A path with a trailing slash does not match. */
export function matchPath(pattern: string, path: string): PathParameters | undefined {
  const wanted = pattern.split('/')
  const got = path.split('/')
  if (wanted.length !== got.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = got[index] ?? ''
    if (part.startsWith('{') && value !== '') parameters[part.slice(1, -1)] = decode(value)
    else if (part !== value) return undefined
  }
  return parameters
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
