import { expect, test } from 'vitest'

import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'

const key = 'o-7f-000017'
const limits = { expiresInMs: 60_000, messagesMax: 100, bytesMax: 100_000 }

function recorded(limit = limits) {
  const plane = new FakePlane({ pg: 'postgres', redis: 'redis', http: 'http' })
  const id = plane.inspection.record(limit)
  const read = () => plane.inspection.readRecording(id)
  const messages = async (): Promise<ExchangeEvent[]> =>
    (await read()).lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ExchangeEvent)
  return { plane, id, read, messages }
}

const charge = `POST /charges HTTP/1.1\r\nIdempotency-Key: ${key}\r\ncontent-length: 0\r\n\r\n`
const created = 'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n'
const insert = pg.query(`INSERT INTO orders VALUES ('${key}')`)
const inserted = Buffer.concat([pg.complete('INSERT 0 1'), pg.ready('T')])
const inTransaction = { last: 'downstream', downstream: 'Z\0\0\0\x05I' } as const

test('a recording has the messages that carry a key, with both times, and emits no event', async () => {
  const { plane, messages } = recorded()
  const connection = plane.connect('http')
  connection.ask('GET /products HTTP/1.1\r\n\r\n')
  connection.answer('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
  connection.ask(charge)
  plane.pass(7)
  connection.answer(created)
  expect(await messages()).toMatchObject([
    { part: 'request', signature: 'POST /charges', transaction: key, deliveredMs: 1_000 },
    { part: 'reply', status: '201', sentMs: 1_007, deliveredMs: 1_007, tookMs: 7 },
  ])
  expect(plane.events).toEqual([])
})

test('a job that a worker receives is recorded with its request, which names no flow', async () => {
  const { plane, messages } = recorded()
  const connection = plane.connect('redis')
  connection.ask('LPOP jobs\r\n')
  plane.pass(3)
  connection.answer(`$11\r\n${key}\r\n`)
  expect((await messages()).map(({ part, atMs }) => [part, atMs])).toEqual([
    ['request', 1_000],
    ['reply', 1_003],
  ])
})

test('a reply that brings the next job belongs to both flows', async () => {
  const { plane, messages } = recorded()
  const connection = plane.connect('redis')
  connection.ask(`FINISH ${key}\r\n`)
  connection.answer('$11\r\no-7f-000018\r\n')
  const both = { transaction: key, otherTransactions: ['o-7f-000018'] }
  expect(await messages()).toMatchObject([
    { part: 'request', ...both },
    { part: 'reply', ...both },
  ])
})

test('the messages of a transaction belong to its flow, and those after it do not', async () => {
  const { plane, messages } = recorded()
  const connection = plane.connect('pg', inTransaction)
  connection.ask(pg.query('BEGIN'))
  connection.answer(Buffer.concat([pg.complete('BEGIN'), pg.ready('T')]))
  connection.ask(insert)
  connection.answer(inserted)
  connection.ask(pg.query('COMMIT'))
  connection.answer(Buffer.concat([pg.complete('COMMIT'), pg.ready('I')]))
  connection.ask(pg.query('SELECT 1'))
  connection.answer(Buffer.concat([pg.complete('SELECT 1'), pg.ready('I')]))
  const requests = (await messages()).filter(({ part }) => part === 'request')
  expect(requests.map(({ signature }) => signature)).toEqual(['INSERT orders', 'COMMIT'])
})

test('a reply that a trap cuts is sent and never delivered', async () => {
  const { plane, messages } = recorded()
  plane.arm({ links: ['http'], exchange: 'POST /charges', phase: 'after', then: { do: 'cut' } })
  const connection = plane.connect('http')
  connection.ask(charge)
  plane.pass(5)
  connection.answer(created)
  const [request, reply] = await messages()
  expect(request).toMatchObject({ part: 'request', deliveredMs: 1_000 })
  expect(reply).toMatchObject({ part: 'reply', sentMs: 1_005, lost: true })
  expect(reply?.deliveredMs).toBeUndefined()
})

test('a request that a trap cuts is sent and never delivered, and no reply is made up', async () => {
  const { plane, messages } = recorded()
  plane.arm({ links: ['http'], exchange: 'POST /charges', phase: 'before', then: { do: 'cut' } })
  plane.connect('http').ask(charge)
  const [request, ...others] = await messages()
  expect(request).toMatchObject({ part: 'request', sentMs: 1_000, lost: true })
  expect(request?.deliveredMs).toBeUndefined()
  expect(others).toEqual([])
})

test('a message that a trap delays is delivered later than it was sent', async () => {
  const { plane, messages } = recorded()
  const then = { do: 'delay', delayMs: 40 } as const
  plane.arm({ links: ['http'], exchange: 'POST /charges', phase: 'before', then })
  const connection = plane.connect('http')
  connection.ask(charge)
  expect((await messages())[0]?.deliveredMs).toBeUndefined()
  plane.pass(40)
  expect((await messages())[0]).toMatchObject({ sentMs: 1_000, deliveredMs: 1_040 })
})

test('a request whose connection ends without a reply has a reply that never came', async () => {
  const { plane, messages } = recorded()
  const connection = plane.connect('http')
  connection.ask(charge)
  plane.pass(9)
  connection.cut()
  const [, reply] = await messages()
  expect(reply).toMatchObject({ part: 'reply', lost: true, atMs: 1_009 })
  expect(reply?.sentMs).toBeUndefined()
})

test('a full recording counts what it missed and says when it was full', async () => {
  const { plane, read, messages } = recorded({ ...limits, messagesMax: 3 })
  const connection = plane.connect('http')
  for (let i = 0; i < 3; i++) {
    plane.pass(1)
    connection.ask(charge)
    connection.answer(created)
  }
  expect(await messages()).toHaveLength(3)
  expect((await read()).state).toMatchObject({ messages: 3, missed: 3, fullMs: 1_002 })
})

test('a heal does not end a recording; its end, its lease and the end of the controller do', async () => {
  const { plane, id, messages } = recorded()
  plane.inspection.heal()
  plane.connect('http').ask(charge)
  expect(await messages()).toHaveLength(1)
  plane.inspection.endRecording(id)
  expect(plane.recorders.size).toBe(0)
  await expect(messages()).rejects.toThrow(id)
  plane.inspection.record(limits)
  plane.pass(limits.expiresInMs)
  expect(plane.recorders.size).toBe(0)
  plane.inspection.record(limits)
  plane.inspection.endRecordings()
  expect(plane.recorders.size).toBe(0)
})

test('what a trap counts and reports does not depend on a recording', () => {
  const sprung = (isRecorded: boolean) => {
    const plane = new FakePlane({ http: 'http' })
    if (isRecorded) plane.inspection.record(limits)
    const then = { do: 'deliver' } as const
    plane.arm({ links: ['http'], exchange: '*', nth: 2, phase: 'after', then })
    const connection = plane.connect('http')
    for (let i = 0; i < 2; i++) {
      connection.ask(charge)
      connection.answer(created)
    }
    // Connections are numbered across both planes.
    return plane.traps.map((event) => ({ ...event, connection: 0 }))
  }
  expect(sprung(true)).toEqual(sprung(false))
  expect(sprung(true)).toMatchObject([{ what: 'sprung', exchange: 'POST /charges' }])
})
