import assert from 'node:assert/strict'

/** What a browser keeps of one seat. */
export interface SeatBrowser {
  /** Such as `/seats/1/`. */
  readonly path: string
  readonly cookie: string
  readonly key: string
}

/** Joins with the form of the join page, or with a link (`/seats/1/?secret=...`), and waits until the seat is ready. */
export async function openSeat(
  url: string,
  how: { readonly name: string; readonly code: string } | { readonly link: string },
  withinMs = 120_000,
): Promise<SeatBrowser> {
  const entered =
    'link' in how
      ? await fetch(`${url}${how.link}`, { redirect: 'manual' })
      : await fetch(`${url}/seats`, {
          method: 'POST',
          body: new URLSearchParams({ name: how.name, code: how.code }),
          headers: { origin: url },
          redirect: 'manual',
        })
  assert.equal(entered.status, 303, await entered.text())
  const path = entered.headers.get('location') ?? ''
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const endAt = performance.now() + withinMs
  for (;;) {
    const page = await fetch(`${url}${path}`, { headers: { cookie }, redirect: 'manual' })
    const [, key] = /#key=([\w-]+)$/.exec(page.headers.get('location') ?? '') ?? []
    if (key !== undefined) return { path, cookie, key }
    assert.equal(page.status, 503, await page.text())
    assert(performance.now() < endAt, 'The seat is not ready in time.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A request of the page of a seat. It waits for the turn of a check, as the page does. */
export async function callSeat(
  url: string,
  { path, cookie, key }: SeatBrowser,
  request: { readonly method?: string; readonly api: string; readonly body?: unknown },
): Promise<Response> {
  for (;;) {
    const response = await fetch(`${url}${path}${request.api}`, {
      method: request.method ?? 'GET',
      headers: {
        cookie,
        'x-unhappy-key': key,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    })
    if (response.status !== 503) return response
    const text = await response.text()
    if (!text.includes('"queue"')) return new Response(text, response)
  }
}
