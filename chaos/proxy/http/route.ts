import type { IncomingMessage, ServerResponse } from 'node:http'

import type { ApiResponse } from './response.ts'

/** Parts of the path in braces, decoded. */
export type PathParameters = Readonly<Record<string, string | undefined>>

/** `body()` parses the request's body, so that an unknown name is told before a bad body. */
export type Handler = (
  parameters: PathParameters,
  body: () => unknown,
) => ApiResponse | Promise<ApiResponse>

export interface ApiRoute {
  /** `/proxies/{proxy}` */
  readonly path: string
  readonly methods?: Readonly<Record<string, Handler>>
  /** Answers GET by itself, for as long as it likes. */
  readonly stream?: (request: IncomingMessage, response: ServerResponse) => void
}

/** The parameters when the path fits, else undefined. A trailing slash does not fit. */
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
