import { expect, test } from 'vitest'

import { FakePlane } from '../traps/testing/fake-plane.ts'
import { findMessages } from './find-messages.ts'

const limits = { messagesMax: 1_000, bytesMax: 1_000_000 }
const [first, second] = ['o-7f-000017', 'o-7f-000018']

function chargesOf(...keys: string[]) {
  const plane = new FakePlane({ http: 'http' })
  const id = plane.inspection.record({ ...limits, expiresInMs: 60_000 })
  for (const key of keys) {
    const connection = plane.connect('http')
    // The key is in two chunks.
    connection.ask(`POST /charges HTTP/1.1\r\nIdempotency-Key: ${key.slice(0, 6)}`)
    plane.pass(1)
    connection.ask(`${key.slice(6)}\r\ncontent-length: 0\r\n\r\n`)
    connection.answer('HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n')
  }
  const records = Buffer.concat(plane.inspection.recordedTraffic(id).blocks)
  const read = async () => (await plane.inspection.readRecording(id)).lines
  return { records, read }
}

const keysOf = ({ messages }: Awaited<ReturnType<typeof findMessages>>) =>
  messages.map(({ transaction }) => transaction)

test('the bytes of a recording have the messages that the data plane itself finds', async () => {
  const { records, read } = chargesOf(first, second)
  const { messages } = await findMessages(records, limits)
  expect(messages).toHaveLength(4)
  expect(messages.map((message) => `${JSON.stringify(message)}\n`).join('')).toBe(await read())
})

test('for some flows, only their connections are read, with the same result', async () => {
  const { records } = chargesOf(first, second, first)
  const all = await findMessages(records, limits)
  const own = await findMessages(records, limits, [first])
  expect(keysOf(own)).toEqual([first, first, first, first])
  expect(own.messages).toEqual(all.messages.filter(({ transaction }) => transaction === first))
  expect(keysOf(await findMessages(records, limits, ['o-7f-000019']))).toEqual([])
})

test('more messages than the limit are counted', async () => {
  const { records } = chargesOf(first, second)
  const { messages, missed, fullMs } = await findMessages(records, { ...limits, messagesMax: 3 })
  expect([messages.length, missed, fullMs]).toEqual([3, 1, 1_002])
})
