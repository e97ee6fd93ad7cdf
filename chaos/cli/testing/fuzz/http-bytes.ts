import type { Random } from '#chaos/lib/random.ts'

import { nastyText, withByte } from './mutate.ts'

export interface HttpInput {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** What is sent, and whether the target owes a response to it. */
export interface Bytes {
  readonly bytes: Buffer
  /** False: the request is not complete, so the target may wait for the rest. */
  readonly complete: boolean
}

/** One HTTP request as bytes, sometimes with a mistake in HTTP itself. */
export function httpBytes(input: HttpInput, random: Random, broken = 0.25): Bytes {
  const { body = Buffer.alloc(0) } = input
  const hasBody = input.body !== undefined
  const whole = (
    headers: Readonly<Record<string, string>>,
    content: Buffer = body,
    line = `${input.method} ${input.path} HTTP/1.1`,
  ): Buffer =>
    Buffer.concat([Buffer.from(`${line}\r\n${headText(headers)}\r\n`, 'latin1'), content])
  const length = hasBody ? { 'content-length': String(body.length) } : {}
  const headers = { connection: 'close', ...input.headers, ...length }
  const complete = (bytes: Buffer): Bytes => ({ bytes, complete: true })
  const open = (bytes: Buffer): Bytes => ({ bytes, complete: false })
  if (random.next() >= broken) return complete(whole(headers))
  switch (random.integer(0, 13)) {
    case 0:
      return open(whole(headers).subarray(0, random.integer(1, 60)))
    case 1:
      return open(
        whole({ ...headers, 'content-length': String(body.length + random.integer(1, 99)) }),
      )
    case 2:
      return open(
        whole({
          ...headers,
          'content-length': random.pick(['-1', 'x', '1e3', '99999999999', '0x5', '5, 6']),
        }),
      )
    case 3:
      return open(whole({ ...headers, 'transfer-encoding': 'chunked' }))
    case 4:
      return open(
        whole(
          { ...input.headers, 'transfer-encoding': 'chunked' },
          Buffer.from(
            random.pick(['zz\r\n', '5\r\nabc', 'ffffffffffffffff\r\n', '-1\r\n\r\n', '0\r\nx']),
          ),
        ),
      )
    case 5:
      return open(whole({ ...headers, 'x-huge': 'h'.repeat(random.pick([9_000, 17_000, 70_000])) }))
    case 6:
      return open(
        whole({
          ...headers,
          ...Object.fromEntries(Array.from({ length: 2_100 }, (_, i) => [`x-${i}`, 'y'])),
        }),
      )
    case 7:
      return open(withByte(whole(headers), random))
    case 8:
      return open(
        whole(
          headers,
          body,
          random.pick([
            'GET',
            'GET / HTTP/9.9',
            `${input.method} ${input.path}`,
            'PRI * HTTP/2.0',
            '\u0000\u0001',
            'CONNECT x:1 HTTP/1.1',
          ]),
        ),
      )
    case 9:
      // Pipelined garbage after a complete request.
      return open(
        Buffer.concat([whole({ ...headers, connection: 'keep-alive' }), randomBytes(random, 40)]),
      )
    case 10:
      return open(randomBytes(random, random.integer(1, 400)))
    case 11:
      return complete(
        whole({
          ...headers,
          'content-type': random.pick([
            'text/plain',
            'application/xml',
            'application/json; charset=utf-16',
            'multipart/form-data; boundary=x',
            ';',
            'application/json/x',
          ]),
        }),
      )
    case 12:
      return open(
        whole({ ...headers, host: random.pick(['', 'evil.example', 'a b', 'h'.repeat(300)]) }),
      )
    default:
      return open(
        whole({
          ...headers,
          [random.pick([
            'expect',
            'upgrade',
            'origin',
            'cookie',
            'last-event-id',
            'authorization',
            'idempotency-key',
          ])]: headerText(random),
        }),
      )
  }
}

function headText(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}

function headerText(random: Random): string {
  return nastyText(random)
    .replaceAll(/[\r\n]/g, '')
    .slice(0, 4_000)
}

/** A part of a path or of a query. */
export function pathPart(random: Random): string {
  const text = nastyText(random).slice(0, random.pick([20, 250, 5_000]))
  return random.next() < 0.3
    ? text.replaceAll(/[^\u0021-\u007e]|[/?# ]/g, '%')
    : encodeURIComponent(text.toWellFormed())
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(0, 255)))
}
