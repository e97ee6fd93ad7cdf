export interface HttpAnswer {
  readonly status: number
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
  readonly tookMs: number
}

/** One request, with a time limit that is longer than any response of the shop. */
export async function call(
  url: string,
  request: { readonly body?: object; readonly key?: string } = {},
): Promise<HttpAnswer> {
  const startMs = performance.now()
  const response = await fetch(url, {
    signal: AbortSignal.timeout(10_000),
    headers: {
      'content-type': 'application/json',
      ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
    },
    ...(request.body === undefined ? {} : { method: 'POST', body: JSON.stringify(request.body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    body: JSON.parse(text) as Readonly<Record<string, unknown>>,
    headers: response.headers,
    tookMs: performance.now() - startMs,
  }
}
