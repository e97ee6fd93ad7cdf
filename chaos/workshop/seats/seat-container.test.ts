import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createFakeSeats } from '../testing/fake-seats.ts'
import { createSeatContainer } from './seat-container.ts'
import type { SeatEngine } from './seat-engine.ts'

const client = {
  json: async () => {
    throw new Error('nothing listens')
  },
} as never

/** A container that ends right after its start, and has printed these lines. */
async function startWith(lines: () => Promise<readonly string[]>): Promise<Error> {
  await using fake = createFakeSeats()
  const engine: SeatEngine = {
    ...fake.engine,
    start: async () => undefined,
    list: async () => new Map([[1, { state: 'ended', isCurrent: true }]]),
    lastLines: lines,
  }
  const container = createSeatContainer(
    {
      seat: 1,
      token: '',
      folders: { state: '', host: '' },
      engine,
      clock: systemClock,
      inTurn: async (start) => await start(),
      isRunning: false,
    },
    client,
    new AbortController().signal,
  )
  return await container.up().then(
    () => new Error('it started'),
    (error: Error) => error,
  )
}

test('a seat that does not start says what it has printed last, without colours, in a bounded text', async () => {
  const { message } = await startWith(async () => ['first', '\u001B[31mno space left\u001B[0m'])
  expect(message).toBe('Seat 1 does not start. It printed last: first | no space left')
  const long = await startWith(async () => ['x'.repeat(10_000)])
  expect(long.message.length).toBeLessThan(500)
})

test('without a container and without an engine the message is short', async () => {
  expect((await startWith(async () => [])).message).toBe('Seat 1 does not start.')
  const failed = await startWith(async () => {
    throw new Error('no engine')
  })
  expect(failed.message).toBe('Seat 1 does not start.')
})
