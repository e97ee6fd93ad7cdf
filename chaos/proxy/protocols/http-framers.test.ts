import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ProtocolError } from './framer.ts'
import { HttpReplyFramer, HttpRequestFramer } from './http-framers.ts'
import { anyCuts, endsOf, passOrRefuse, unitEnds } from './testing/units.ts'

const body = fc.uint8Array({ maxLength: 500 }).map((array) => Buffer.from(array))
const path = fc.constantFrom('/orders', '/orders/7?x=1', '/charges')
const chunked = fc
  .tuple(
    fc.array(
      body.filter((data) => data.length > 0),
      { maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([chunks, trailer]) =>
    Buffer.concat([
      ...chunks.map((data) =>
        Buffer.concat([Buffer.from(`${data.length.toString(16)};a=b\r\n`), data, crlf()]),
      ),
      Buffer.from(trailer ? '0\r\nx-sum: 1\r\n\r\n' : '0\r\n\r\n'),
    ]),
  )
const request = fc.oneof(
  path.map((at) => Buffer.from(`GET ${at} HTTP/1.1\r\nhost: a\r\n\r\n`)),
  fc.tuple(path, body).map(([at, data]) => sized(`POST ${at} HTTP/1.1\r\nhost: a`, data)),
  fc
    .tuple(path, chunked)
    .map(([at, data]) =>
      Buffer.concat([
        Buffer.from(`PUT ${at} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`),
        data,
      ]),
    ),
)
const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n'
const reply = fc.oneof(
  body.map((data) => sized('HTTP/1.1 200 OK', data)),
  body.map((data) => Buffer.concat([Buffer.from(interim), sized('HTTP/1.1 201 Created', data)])),
  fc.constantFrom(
    Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'),
    Buffer.from('HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n'),
  ),
  chunked.map((data) =>
    Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'), data]),
  ),
)

test('requests end at the same bytes however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 6 }), anyCuts, (units, cuts) => {
      expect(unitEnds(new HttpRequestFramer(), Buffer.concat(units), cuts)).toEqual(endsOf(units))
    }),
  )
})

test('responses end at the same bytes however the stream is cut; an interim one belongs to the final one', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 6 }), anyCuts, (units, cuts) => {
      expect(unitEnds(new HttpReplyFramer(), Buffer.concat(units), cuts)).toEqual(endsOf(units))
    }),
  )
})

test('a response to HEAD ends at its headers, even with a content-length', () => {
  const replies = new HttpReplyFramer()
  replies.method = 'HEAD'
  const head = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n')
  expect(unitEnds(replies, head, [10])).toEqual([head.length])
})

test('a response without a length ends when the server closes', () => {
  const replies = new HttpReplyFramer()
  expect(unitEnds(replies, Buffer.from('HTTP/1.1 200 OK\r\n\r\nsome'), [20])).toEqual([])
  expect(replies.finish()).toBe(true)
  expect(new HttpReplyFramer().finish()).toBe(false)
})

test('a request that waits for "100 Continue" is urgent', () => {
  const requests = new HttpRequestFramer()
  const head = Buffer.from('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
  expect(requests.scan(head, 0)).toBe(head.length)
  expect([requests.ended, requests.urgent]).toEqual([false, true])
  requests.scan(Buffer.from('ab'), 0)
  expect([requests.ended, requests.urgent]).toEqual([true, false])
})

test.each([
  ['a length that is not a number', 'POST / HTTP/1.1\r\ncontent-length: 1e3\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['an unknown encoding', 'POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
  ['a chunk below zero', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nabc\r\n'],
  [
    'a chunk length that is not a number',
    'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  ],
  ['TLS', '\x16\x03\x01\x02\x00\x01\n'],
])('%s is refused', (_, text) => {
  expect(() => unitEnds(new HttpRequestFramer(), Buffer.from(text, 'latin1'), [])).toThrow(
    ProtocolError,
  )
})

test('garbage is refused or passes as the beginning of a message, and the framer always makes progress', () => {
  const start = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  fc.assert(
    fc.property(start, body, anyCuts, (head, rest, cuts) => {
      const garbage = Buffer.concat([Buffer.from(head), rest])
      expect(passOrRefuse(new HttpRequestFramer(), garbage, cuts)).toMatch(/passed|refused/)
      expect(passOrRefuse(new HttpReplyFramer(), garbage, cuts)).toMatch(/passed|refused/)
    }),
    { numRuns: 300 },
  )
})

function sized(head: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}\r\nContent-Length: ${data.length}\r\n\r\n`), data])
}

function crlf(): Buffer {
  return Buffer.from('\r\n')
}
