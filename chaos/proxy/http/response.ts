/** The response of a route. */
export interface ApiResponse {
  readonly status: number
  readonly type?: string
  readonly text?: string
  /** After the text. */
  readonly blocks?: readonly Uint8Array[]
}

export function jsonResponse(status: number, value: unknown): ApiResponse {
  return { status, type: 'application/json', text: JSON.stringify(value) }
}

/** An error as Toxiproxy writes it. `more` adds fields that Toxiproxy does not have. */
export function errorResponse(status: number, error: string, more: object = {}): ApiResponse {
  const text = `${JSON.stringify({ error, status, ...more })}\n`
  return { status, type: 'application/json', text }
}

export const noContent: ApiResponse = { status: 204 }

export const notFound: ApiResponse = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  text: '404 page not found\n',
}
