/** What a route answers. */
export interface Answer {
  readonly status: number
  readonly type?: string
  readonly text?: string
}

export function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', text: JSON.stringify(value) }
}

/** Toxiproxy's shape of an error; more fields are ours. */
export function errorAnswer(status: number, error: string, more: object = {}): Answer {
  const text = `${JSON.stringify({ error, status, ...more })}\n`
  return { status, type: 'application/json', text }
}

export const noContent: Answer = { status: 204 }

export const notFound: Answer = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  text: '404 page not found\n',
}
