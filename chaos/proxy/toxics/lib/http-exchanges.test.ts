import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { anyCuts, cut } from '../../protocols/testing/units.ts'
import { createManualTimers } from '../../testing/manual-timers.ts'
import type { BodyStop, ReplyHook } from '../../traps/link-watch.ts'
import { FakePlane } from '../../traps/testing/fake-plane.ts'
import { inspectHttpExchanges } from './http-exchanges.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\n\r\n`
const head = (length: number): string => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

/** A connection whose responses go through the hook. */
function connectionWith(response: ReplyHook) {
  const connection = new FakePlane({ web: 'http' }).connect('web')
  const context = { timers: createManualTimers(), touch: () => {} }
  connection.inspector = inspectHttpExchanges(connection, context, { response })
  return connection
}

const stopAfter = (afterBytes: number, reached: BodyStop['reached'] = () => {}) => ({
  afterBytes,
  reached,
})

test('each response that has a body is paired with its request, in order', () => {
  const seen: string[] = []
  const connection = connectionWith(({ signature, status }) => {
    seen.push(`${signature} ${status}`)
    return undefined
  })
  connection.ask(get('/a') + get('/b') + get('/c') + get('/orders/7'))
  const empty = 'HTTP/1.1 204 No Content\r\n\r\n'
  const interim = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'
  const responses = `${head(2)}hi${empty}HTTP/1.1 404 No\r\ncontent-length: 1\r\n\r\n!${interim}${chunked}1\r\nx\r\n0\r\n\r\n`
  connection.answer(responses)
  expect(seen).toEqual(['GET /a 200', 'GET /c 404', 'GET /orders/:id 200'])
  expect(connection.text('downstream')).toBe(responses)
})

test('the hook is called once for a response, however it is cut, and exactly the wanted bytes pass', () => {
  const body = 'abcdefghijklmnopqrstuvwxyz'
  fc.assert(
    fc.property(anyCuts, fc.nat(body.length), (cuts, afterBytes) => {
      let calls = 0
      const connection = connectionWith(() => {
        calls += 1
        return stopAfter(afterBytes)
      })
      connection.ask(get('/a'))
      for (const piece of cut(Buffer.from(head(body.length) + body), cuts)) connection.answer(piece)
      expect(calls).toBe(1)
      const passes = Math.min(afterBytes, body.length - 1)
      expect(connection.text('downstream')).toBe(head(body.length) + body.slice(0, passes))
    }),
  )
})

test('a chunked body counts with its framing, and its last byte never passes', () => {
  const connection = connectionWith(() => stopAfter(1_000))
  connection.ask(get('/a'))
  connection.answer(chunked)
  connection.answer('3\r\nabc\r\n')
  connection.answer('0\r\n\r\n')
  expect(connection.text('downstream')).toBe(`${chunked}3\r\nabc\r\n0\r\n\r`)
})

test('a response that was stopped goes on after resume, and so do those behind it', () => {
  let resume = (): void => {}
  let stops = 0
  const connection = connectionWith(() => {
    stops += 1
    return stops === 1 ? stopAfter(2, (goOn) => (resume = goOn)) : undefined
  })
  connection.ask(get('/a') + get('/b'))
  connection.answer(`${head(6)}abc`)
  connection.answer(`def${head(1)}x`)
  connection.inspector?.ended('downstream')
  expect(connection.text('downstream')).toBe(`${head(6)}ab`)
  expect(connection.ends).toEqual([])
  resume()
  resume()
  expect(connection.text('downstream')).toBe(`${head(6)}abcdef${head(1)}x`)
  expect(connection.ends).toEqual(['downstream'])
  expect(stops).toBe(2)
})

test('a toxic that is removed lets a stopped response go on, and then leaves', () => {
  const connection = connectionWith(() => stopAfter(1))
  let left = false
  connection.left = () => {
    left = true
  }
  connection.ask(get('/a'))
  connection.answer(`${head(3)}abc`)
  expect(connection.text('downstream')).toBe(`${head(3)}a`)
  connection.inspector?.leave()
  expect([connection.text('downstream'), left]).toEqual([`${head(3)}abc`, true])
})

test('a stop may end the connection at once', () => {
  const connection = connectionWith(() => stopAfter(2, () => connection.cut()))
  connection.ask(get('/a'))
  connection.answer(`${head(3)}abc`)
  connection.answer('more')
  expect([connection.state, connection.text('downstream')]).toEqual(['cut', `${head(3)}ab`])
})
