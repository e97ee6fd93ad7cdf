import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { readHttp, readHttpValue } from './read-http.ts'

const responses: Readonly<Record<string, unknown>> = {
  '/books': {
    total: 2,
    charges: [
      { id: 'c1', amount: 5, card: { last: '42' } },
      { id: 'c2', amount: 7, card: null },
    ],
    notes: ['a', 'b'],
    empty: [],
  },
  '/list': [{ amount: 1 }, { amount: 1 }],
  '/number': 7,
}
let server: Server
let url = ''
beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    const body = responses[path]
    response.writeHead(body === undefined ? 503 : 200).end(JSON.stringify(body ?? null))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const read = async (path: string, rowsMax = 10) =>
  await readHttp({ url: `${url}${path}`, name: 'payments', rowsMax })

test('each list of a response is a table; an id is its key', async () => {
  expect(await read('/books')).toEqual({
    tables: {
      'payments charges': {
        key: ['id'],
        rows: [
          { id: 'c1', amount: 5, 'card.last': '42' },
          { id: 'c2', amount: 7, card: null },
        ],
      },
      'payments notes': { key: [], rows: [{ value: 'a' }, { value: 'b' }] },
      'payments empty': { key: [], rows: [] },
    },
    unread: {},
  })
  expect((await read('/list')).tables).toEqual({
    payments: { key: [], rows: [{ amount: 1 }, { amount: 1 }] },
  })
  expect(await read('/number')).toEqual({ tables: {}, unread: {} })
})

test('a list with more entries than the bound is named', async () => {
  const { tables, unread } = await read('/books', 1)
  expect(Object.keys(tables)).toEqual(['payments empty'])
  expect(unread).toEqual({
    'payments charges': 'more than 1 entries',
    'payments notes': 'more than 1 entries',
  })
})

test.each([
  ['total', 2],
  ['charges[1].amount', 7],
  ['charges.length', 2],
  ['charges[0].card', '{"last":"42"}'],
  ['charges[9].amount', null],
  ['none.of.it', null],
])('the value at %s is %s', async (at, value) => {
  expect(await readHttpValue(`${url}/books`, at)).toBe(value)
})

test('an error response is an error', async () => {
  await expect(read('/missing')).rejects.toThrow('responded with 503')
})
