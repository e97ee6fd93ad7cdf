import { expect, test } from 'vitest'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { FakePlane } from './testing/fake-plane.ts'

const links = ['http', 'pg', 'redis']

function counting() {
  const plane = new FakePlane({ http: 'http', pg: 'postgres', redis: 'redis' })
  plane.inspection.tap(links, { id: 'health', expiresInMs: 60_000, counts: true })
  return plane
}

const get = 'GET /products HTTP/1.1\r\n\r\n'
const reply = (status: number): string => `HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\nok`

test('exchanges are counted with their results and latencies, and not reported', () => {
  const plane = counting()
  const connection = plane.connect('http')
  for (const [status, ms] of [
    [200, 10],
    [404, 10],
    [503, 10],
    [429, 900],
  ] as const) {
    connection.ask(get)
    plane.pass(ms)
    connection.answer(reply(status))
  }
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 4, failed: 2, waiting: 0 })
  expect(plane.inspection.counts('http')?.p50Ms).toBeCloseTo(10, -0.5)
  expect(plane.inspection.counts('http')?.p95Ms).toBeGreaterThan(800)
  expect(plane.exchanges).toEqual([])
})

test('a request without a reply waits; its connection ends: it failed', () => {
  const plane = counting()
  const connection = plane.connect('http')
  connection.ask(get)
  plane.pass(1_200)
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 0, waiting: 1, waitsMs: 1_200 })
  connection.cut()
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 1, failed: 1, waiting: 0 })
})

test('a callee that cannot be reached is a failed exchange', () => {
  const plane = counting()
  plane.inspection.linkEvent({ link: 'http', what: 'upstream-failed' })
  plane.inspection.linkEvent({ link: 'http', what: 'opened' })
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 1, failed: 1, p50Ms: null })
})

test('what is older than five seconds does not count', () => {
  const plane = counting()
  const connection = plane.connect('http')
  connection.ask(get)
  connection.answer(reply(500))
  plane.pass(3_000)
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 1 })
  plane.pass(3_000)
  expect(plane.inspection.counts('http')).toMatchObject({ ended: 0, failed: 0 })
})

test('a worker that waits for a job is not a waiting request', () => {
  const plane = counting()
  const connection = plane.connect('redis')
  connection.ask('*3\r\n$8\r\nBZPOPMIN\r\n$1\r\nq\r\n$2\r\n10\r\n')
  expect(plane.inspection.counts('redis')).toMatchObject({ waiting: 0 })
  connection.answer('*-1\r\n')
  connection.ask('*1\r\n$4\r\nPING\r\n')
  plane.pass(2)
  connection.answer('+PONG\r\n')
  expect(plane.inspection.counts('redis')).toMatchObject({ ended: 1, failed: 0, waiting: 0 })
})

test('of Postgres, a violated constraint is an answer, and no free connection is a failure', () => {
  const plane = counting()
  const connection = plane.connect('pg', {
    last: 'downstream',
    downstream: pg.ready('I').toString('latin1'),
  })
  for (const code of ['23505', '53300']) {
    connection.ask(pg.message('Q', 'INSERT INTO orders VALUES (1)\0'))
    connection.answer(Buffer.concat([pg.message('E', `C${code}\0\0`), pg.ready('I')]))
  }
  connection.ask(pg.message('X'))
  expect(plane.inspection.counts('pg')).toMatchObject({ ended: 2, failed: 1, waiting: 0 })
})

test('bytes that cannot be read are reported only when more than the counts reads them', () => {
  const garbage = 'this is not a response\r\n\r\n'
  const opaqueWith = (tapped: boolean): string | undefined => {
    const plane = counting()
    if (tapped) plane.inspection.tap(links, { expiresInMs: 60_000 })
    const connection = plane.connect('http')
    connection.ask(get)
    connection.answer(garbage)
    expect(connection.text('downstream')).toBe(garbage)
    expect(plane.inspection.counts('http')).toMatchObject({ waiting: 0, failed: 0 })
    return connection.opaqueDetail
  }
  expect(opaqueWith(true)).toBeDefined()
  expect(opaqueWith(false)).toBeUndefined()
})

test('when the lease ends, nothing is counted and no connection is inspected', () => {
  const plane = counting()
  expect(plane.inspected).toEqual(new Set(links))
  plane.pass(60_000)
  expect(plane.inspected).toEqual(new Set())
  expect(plane.inspection.counts('http')).toBeUndefined()
})
