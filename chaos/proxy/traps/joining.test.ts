import { expect, test } from 'vitest'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { FakePlane } from './testing/fake-plane.ts'

const plane = () => new FakePlane({ pg: 'postgres', redis: 'redis', http: 'http' })

test('a Postgres connection in the middle of a query is read after its ReadyForQuery', () => {
  const world = plane()
  const connection = world.connect('pg', { last: 'upstream', upstream: 'half a que', quietMs: 1 })
  world.arm({ links: ['pg'], exchange: 'COMMIT' })
  connection.ask('ry')
  connection.answer(pg.complete('SELECT 1'))
  connection.answer(pg.ready('I').subarray(0, 3))
  connection.answer(pg.ready('I').subarray(3))
  connection.ask(pg.query('COMMIT'))
  expect(world.traps).toMatchObject([{ what: 'sprung', exchange: 'COMMIT' }])
  expect(connection.text('upstream')).toBe('ry')
})

test('an idle connection is read from its next request', () => {
  for (const [link, request, recent] of [
    ['pg', pg.query('COMMIT'), 'Z\0\0\0\x05I'],
    ['redis', 'GET a\r\n', '$1\r\nx\r\n'],
    ['http', 'GET / HTTP/1.1\r\n\r\n', 'anything'],
  ] as const) {
    const world = plane()
    const connection = world.connect(link, { last: 'downstream', downstream: recent })
    world.arm({ links: [link], exchange: '*' })
    connection.ask(request)
    expect(world.traps).toHaveLength(1)
  }
})

test('a Redis connection on which a command blocks is read from the reply of that command', () => {
  const world = plane()
  const connection = world.connect('redis', { last: 'upstream', upstream: '$1\r\n5\r\n' })
  world.arm({ links: ['redis'], exchange: 'GET', phase: 'after' })
  connection.answer('*-1\r\n')
  connection.ask('GET a\r\n')
  connection.answer('$1\r\nx\r\n')
  expect(connection.text('downstream')).toBe('*-1\r\n')
  expect(world.traps).toMatchObject([{ what: 'sprung', exchange: 'GET' }])
})

test('a busy Redis connection is read only after it was idle for a moment', () => {
  const world = plane()
  const connection = world.connect('redis', {
    last: 'downstream',
    downstream: '+OK\r\n',
    quietMs: 1,
  })
  world.arm({ links: ['redis'], exchange: 'GET' })
  connection.ask('GET a\r\n')
  world.pass(1)
  connection.answer('$1\r\nx\r\n')
  expect(world.traps).toEqual([])
  world.pass(5)
  connection.ask('GET b\r\n')
  expect(world.traps).toHaveLength(1)
})

test('after a reply without a request, the connection is read from its next idle moment', () => {
  const world = plane()
  const connection = world.connect('redis')
  world.arm({ links: ['redis'], exchange: 'GET', phase: 'after', nth: 2 })
  connection.ask('GET a\r\n')
  connection.answer('+1\r\n+2\r\n')
  connection.ask('GET b\r\n')
  connection.answer('+3\r\n')
  expect(world.traps).toEqual([])
  world.pass(10)
  connection.ask('GET c\r\n')
  connection.answer('+4\r\n')
  expect(world.traps).toHaveLength(1)
  expect(connection.text('downstream')).toBe('+1\r\n+2\r\n+3\r\n')
})

test('the rest of a request body is not read as a request', () => {
  const world = plane()
  const connection = world.connect('http', { last: 'upstream', upstream: 'x', quietMs: 1 })
  world.arm({ links: ['http'], exchange: 'GET /' })
  connection.ask('{"rest":1}')
  connection.answer('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
  connection.ask('GET / HTTP/1.1\r\n\r\n')
  expect(connection.opaqueDetail).toBeUndefined()
  expect(world.traps).toHaveLength(1)
})
