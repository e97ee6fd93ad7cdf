import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ProtocolError } from './framer.ts'
import { RedisReplyFramer, RedisRequestFramer } from './redis-framers.ts'
import { anyCuts, endsOf, passOrRefuse, unitEnds } from './testing/units.ts'

const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array))
const line = fc.stringMatching(/^[a-zA-Z0-9 ,.]{0,40}$/)

/** A RESP2 or RESP3 value of any kind, nested. */
const { value } = fc.letrec<{ value: Buffer }>((tie) => {
  const nested = (sigil: string, each: number) =>
    fc.array(tie('value'), { maxLength: 4 }).map((items) => {
      const even = items.slice(0, items.length - (items.length % each))
      return Buffer.concat([Buffer.from(`${sigil}${even.length / each}\r\n`), ...even])
    })
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      line.map((text) => Buffer.from(`+${text}\r\n`)),
      line.map((text) => Buffer.from(`-ERR ${text}\r\n`)),
      fc.integer().map((number) => Buffer.from(`:${number}\r\n`)),
      bytes.map((data) => bulk('$', data)),
      bytes.map((data) => bulk('!', data)),
      bytes.map((data) => bulk('=', Buffer.concat([Buffer.from('txt:'), data]))),
      fc
        .constantFrom('$-1\r\n', '*-1\r\n', '_\r\n', '#t\r\n', ',1.5e3\r\n', '(123\r\n')
        .map((text) => Buffer.from(text)),
      nested('*', 1),
      nested('~', 1),
      nested('%', 2),
      fc
        .tuple(nested('|', 2), tie('value'))
        .map(([attribute, rest]) => Buffer.concat([attribute, rest])),
    ),
  }
})
const push = fc
  .array(value, { maxLength: 3 })
  .map((items) => Buffer.concat([Buffer.from(`>${items.length}\r\n`), ...items]))
const command = fc.array(bytes, { minLength: 1, maxLength: 5 }).map(request)
const inline = line.map((text) => Buffer.from(`${text}\r\n`))

test('commands end at the same bytes however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(command, inline)), anyCuts, (units, cuts) => {
      expect(unitEnds(new RedisRequestFramer(), Buffer.concat(units), cuts)).toEqual(endsOf(units))
    }),
  )
})

test('replies of both protocol versions end at the same bytes however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(value, push), { maxLength: 6 }), anyCuts, (units, cuts) => {
      expect(unitEnds(new RedisReplyFramer(), Buffer.concat(units), cuts)).toEqual(endsOf(units))
    }),
  )
})

test('a push is recognised, even after an attribute', () => {
  fc.assert(
    fc.property(value, push, (answer, pushed) => {
      const replies = new RedisReplyFramer()
      replies.scan(pushed, 0)
      expect(replies.push).toBe(true)
      replies.scan(answer, 0)
      expect(replies.push).toBe(false)
    }),
  )
  const replies = new RedisReplyFramer()
  replies.scan(Buffer.from('|1\r\n+a\r\n*1\r\n:1\r\n>1\r\n+hi\r\n'), 0)
  expect([replies.push, replies.ended]).toEqual([true, true])
})

test('an empty line and an empty array are units without a reply', () => {
  const requests = new RedisRequestFramer()
  for (const text of ['\r\n', '*0\r\n', '*-1\r\n']) {
    expect(requests.scan(Buffer.from(text), 0)).toBe(text.length)
    expect([requests.ended, requests.empty]).toEqual([true, true])
  }
  requests.scan(Buffer.from('PING\r\n'), 0)
  expect(requests.empty).toBe(false)
})

test.each(['*1\r\n:1\r\n', '\x01\x02', '*x\r\n', '*1\r\n$12345678901\r\n', '*\r\n'])(
  'the request %j is not Redis',
  (text) => {
    expect(() => unitEnds(new RedisRequestFramer(), Buffer.from(text), [])).toThrow(ProtocolError)
  },
)

test('garbage is refused or passes as the beginning of a message, and the framer always makes progress', () => {
  fc.assert(
    fc.property(bytes, anyCuts, (garbage, cuts) => {
      expect(passOrRefuse(new RedisRequestFramer(), garbage, cuts)).toMatch(/passed|refused/)
      expect(passOrRefuse(new RedisReplyFramer(), garbage, cuts)).toMatch(/passed|refused/)
    }),
    { numRuns: 300 },
  )
})

function bulk(sigil: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${sigil}${data.length}\r\n`), data, Buffer.from('\r\n')])
}

function request(parts: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from(`*${parts.length}\r\n`),
    ...parts.map((part) => bulk('$', part)),
  ])
}
