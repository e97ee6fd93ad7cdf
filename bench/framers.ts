import type { Framer } from '#chaos/proxy/protocols/framer.ts'
import { HttpReplyFramer, HttpRequestFramer } from '#chaos/proxy/protocols/http-framers.ts'
import {
  PostgresReplyFramer,
  PostgresRequestFramer,
} from '#chaos/proxy/protocols/postgres-framers.ts'
import { RedisReplyFramer, RedisRequestFramer } from '#chaos/proxy/protocols/redis-framers.ts'
import { postgresBytes as pg } from '#chaos/proxy/protocols/testing/postgres-bytes.ts'

import type { Bench } from './lib/bench.ts'

const roundsDefault = 3

export const framersBench: Bench = {
  name: 'framers',
  description: 'how fast the framers find the messages of Postgres, Redis and HTTP',
  base: 'one core',
  goals: [],
  measure: async ({ rounds = roundsDefault }) =>
    Array.from({ length: rounds }, (_, round) =>
      benchFramers().flatMap(({ name, megabytesPerSecond, unitsPerSecond }) => [
        { round, figure: `${name}, MB/s`, target: 'one core', value: megabytesPerSecond },
        { round, figure: `${name}, messages/s`, target: 'one core', value: unitsPerSecond },
      ]),
    ).flat(),
}

export interface FramerFigure {
  readonly name: string
  readonly megabytesPerSecond: number
  readonly unitsPerSecond: number
}

const chunkBytes = 64 * 1024

function httpMessage(head: readonly string[], body: string): Buffer {
  const lines = [...head, `content-length: ${body.length}`]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

const httpRequest = httpMessage(
  [
    'POST /charges HTTP/1.1',
    'host: 127.0.0.1:20052',
    'connection: keep-alive',
    'content-type: application/json',
    'idempotency-key: charge:o-7f-000017.9ac01f',
  ],
  '{"orderId":"o-7f-000017.9ac01f","amountCents":900}',
)

const httpReply = httpMessage(
  [
    'HTTP/1.1 201 Created',
    'content-type: application/json; charset=utf-8',
    'date: Sat, 22 Nov 2025 14:00:00 GMT',
    'connection: keep-alive',
  ],
  '{"id":"ch_1","status":"captured"}',
)

/** How fast each framer finds the ends of messages: small ones, as in the shop, and bulk. On one core. */
function benchFramers(millisecondsEach = 400): FramerFigure[] {
  const row = pg.message('D', Buffer.alloc(120, 1))
  const bulk = Buffer.alloc(1_000_000, 1)
  const cases: readonly (readonly [string, Framer, Buffer])[] = [
    [
      'postgres requests',
      new PostgresRequestFramer(false),
      pg.extended('INSERT INTO orders VALUES ($1)', ['a']),
    ],
    [
      'postgres replies',
      new PostgresReplyFramer(),
      Buffer.concat([row, row, pg.complete('SELECT 2'), pg.ready('I')]),
    ],
    [
      'postgres bulk',
      new PostgresReplyFramer(),
      Buffer.concat([pg.message('D', bulk), pg.ready('I')]),
    ],
    [
      'redis requests',
      new RedisRequestFramer(),
      Buffer.from('*2\r\n$3\r\nGET\r\n$8\r\nproducts\r\n'),
    ],
    [
      'redis replies',
      new RedisReplyFramer(),
      Buffer.from('$100\r\n'.concat('x'.repeat(100), '\r\n')),
    ],
    [
      'redis bulk',
      new RedisReplyFramer(),
      Buffer.concat([Buffer.from('$1000000\r\n'), bulk, Buffer.from('\r\n')]),
    ],
    ['http requests', new HttpRequestFramer(), httpRequest],
    ['http replies', new HttpReplyFramer(), httpReply],
    [
      'http bulk',
      new HttpReplyFramer(),
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'), bulk]),
    ],
  ]
  return cases.map(([name, framer, unit]) => ({ name, ...measure(framer, unit, millisecondsEach) }))
}

function measure(framer: Framer, unit: Buffer, milliseconds: number): Omit<FramerFigure, 'name'> {
  const count = Math.max(1, Math.floor((4 * chunkBytes) / unit.length))
  const stream = Buffer.concat(Array.from({ length: count }, () => unit))
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += chunkBytes)
    chunks.push(stream.subarray(at, at + chunkBytes))
  let bytes = 0
  let units = 0
  const pass = (): void => {
    for (const chunk of chunks)
      for (let at = 0; at < chunk.length;) {
        at = framer.scan(chunk, at)
        if (framer.ended) units += 1
      }
    bytes += stream.length
  }
  for (let i = 0; i < 20; i++) pass()
  bytes = 0
  units = 0
  const from = performance.now()
  while (performance.now() - from < milliseconds) pass()
  const seconds = (performance.now() - from) / 1_000
  return { megabytesPerSecond: bytes / 1e6 / seconds, unitsPerSecond: units / seconds }
}
