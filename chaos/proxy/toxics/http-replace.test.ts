import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { anyCuts, cut } from '../protocols/testing/units.ts'
import { createToxicBench } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { httpReplace } from './http-replace.ts'
import { mergeAttributes } from './lib/toxic-kind.ts'

const get = (path: string, method = 'GET'): string => `${method} ${path} HTTP/1.1\r\n\r\n`
const json = (body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`

const bench = (attributes: Record<string, number | string>) =>
  createToxicBench(new FakePlane({ web: 'http' }), httpReplace, attributes, 'downstream')

/** What the caller receives for this response, and what the toxic reported. */
function changed(attributes: Record<string, number | string>, response: Buffer | string) {
  const { connect, log } = bench(attributes)
  const connection = connect()
  connection.ask(get('/a'))
  expect(connection.text('upstream')).toBe(get('/a'))
  connection.answer(response)
  return { text: connection.text('downstream'), log }
}

test('a status gets its own reason; headers are set in place, added and removed; the body stays', () => {
  const { text, log } = changed(
    { status: 429, headers: 'Retry-After: 2\nX-Old:\ncontent-type: text/plain' },
    json('{"a":1}', 'x-old: 1\r\n'),
  )
  expect(text).toBe(
    'HTTP/1.1 429 Too Many Requests\r\ncontent-type: text/plain\r\ncontent-length: 7\r\nRetry-After: 2\r\n\r\n{"a":1}',
  )
  expect(log).toEqual(['touch 1'])
})

test('a body replaces the whole body, and its length counts bytes', () => {
  expect(changed({ body: 'né' }, json('{"a":1}')).text).toMatch(/content-length: 3\r\n\r\nnÃ©$/)
})

test.each([
  ['a missing field', '{"charge":{"id":null}}', '{"ok":true,"charge":{"id":"c","at":1}}'],
  ['another type', '{"charge":{"id":7}}', '{"ok":true,"charge":{"id":7,"at":1}}'],
  ['a new field', '{"more":[1]}', '{"ok":true,"charge":{"id":"c","at":1},"more":[1]}'],
  ['another shape', '"no"', '"no"'],
])('merge makes %s', (name, merge, expected) => {
  const { text } = changed({ merge }, json('{"ok":true,"charge":{"id":"c","at":1}}'))
  const body = name === 'a missing field' ? '{"ok":true,"charge":{"at":1}}' : expected
  expect(text.split('\r\n\r\n')[1]).toBe(body)
  expect(text).toContain(`content-length: ${body.length}\r\n`)
})

test('a chunked response gets a length, and its chunks are joined before the merge', () => {
  const chunked =
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4;x=1\r\n{"a"\r\n3\r\n:1}\r\n0\r\nend: 1\r\n\r\n'
  expect(changed({ merge: '{"b":2}' }, chunked).text).toBe(
    'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"a":1,"b":2}',
  )
  expect(changed({ status: 500 }, chunked).text).toBe(
    chunked.replace('200 OK', '500 Internal Server Error'),
  )
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body in %s is merged and sent without compression', (encoding, compress) => {
  const body = compress('{"a":1}')
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`
  expect(changed({ merge: '{"a":"1"}' }, Buffer.concat([Buffer.from(head), body])).text).toBe(
    'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a":"1"}',
  )
})

test('a body that cannot be merged passes unchanged, and the toxic reports it', () => {
  for (const response of [
    json('not JSON'),
    json('{}', 'content-encoding: lzma\r\n'),
    json('{}', 'content-encoding: gzip\r\n'),
  ]) {
    const { text, log } = changed({ merge: '{"a":1}' }, response)
    expect(text).toBe(response)
    expect(log).toEqual([expect.stringMatching(/^missed .*JSON/)])
  }
})

test('a response without a body keeps none, and one that gets a status with a body has length 0', () => {
  expect(changed({ status: 204 }, json('{}')).text).toBe(
    'HTTP/1.1 204 No Content\r\ncontent-type: application/json\r\n\r\n',
  )
  expect(changed({ status: 200 }, 'HTTP/1.1 204 No Content\r\n\r\n').text).toBe(
    'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  )
})

test('interim responses pass before the changed one', () => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'
  expect(changed({ status: 500 }, interim + json('{}')).text).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP\/1\.1 500 /,
  )
})

test('a response to HEAD gets the headers and no body', () => {
  const connection = bench({ body: 'four' }).connect()
  connection.ask(get('/a', 'HEAD'))
  connection.answer('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n')
  expect(connection.text('downstream')).toBe('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n')
})

test('only the chosen route is changed, in its turn, however the responses are cut', () => {
  const responses = json('{"n":1}') + json('{"n":2}') + json('{"n":3}')
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const connection = bench({ route: '/orders/:id', method: 'GET', merge: '{"n":0}' }).connect()
      connection.ask(get('/a') + get('/orders/7') + get('/b'))
      for (const piece of cut(Buffer.from(responses), cuts)) connection.answer(piece)
      expect(connection.text('downstream')).toBe(responses.replace('{"n":2}', '{"n":0}'))
    }),
  )
})

test('rate is drawn for each response', () => {
  const { connect } = bench({ rate: 0.3, status: 500 })
  const connection = connect()
  for (let i = 0; i < 1_000; i++) {
    connection.ask(get('/a'))
    connection.answer(json('{}'))
  }
  const hits = connection.text('downstream').split('HTTP/1.1 500').length - 1
  // Four standard deviations of 1000 draws are below 60.
  expect(Math.abs(hits - 300)).toBeLessThan(60)
})

test('a response that the toxic holds when it is removed passes unchanged', () => {
  const { connect, remove } = bench({ status: 500 })
  const connection = connect()
  connection.ask(get('/a'))
  const response = json('{"a":1}')
  connection.answer(response.slice(0, 50))
  expect(connection.text('downstream')).toBe('')
  remove()
  connection.answer(response.slice(50))
  expect(connection.text('downstream')).toBe(response)
})

test('a response that takes more than a second passes unchanged, and the toxic reports it', () => {
  const { connect, advance, log } = bench({ status: 500 })
  const connection = connect()
  connection.ask(get('/a'))
  const response = json('{"a":1}')
  connection.answer(response.slice(0, 50))
  advance(1_000)
  connection.answer(response.slice(50))
  expect(connection.text('downstream')).toBe(response)
  expect(log).toEqual([expect.stringMatching(/^missed .*1 s/)])
})

test('a response without a length ends with its connection, and its new body has a length', () => {
  const { connect } = bench({ merge: '{"a":2}' })
  const connection = connect()
  connection.ask(get('/a'))
  connection.answer('HTTP/1.1 200 OK\r\n\r\n{"a":1}')
  connection.inspector?.ended('downstream')
  expect(connection.text('downstream')).toBe('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a":2}')
  expect(connection.ends).toEqual(['downstream'])
})

test.each([
  [{ status: 100 }, 'status'],
  [{ headers: 'no colon' }, 'headers'],
  [{ headers: 'content-length: 3' }, 'headers'],
  [{ merge: '{' }, 'merge'],
  [{ merge: '{}', body: 'x' }, 'merge'],
])('the attributes %j are refused with the name of the attribute', (given, name) => {
  expect(() => mergeAttributes(httpReplace, given)).toThrow(`attributes.${name}`)
})
