import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'

import { createEventGrouper, groupEvents } from './group-events.ts'

const refuse = {
  id: 'refuse-1',
  kind: 'refuse',
  targets: ['api-1:postgres', 'api-2:postgres'],
  params: {},
  mechanism: 'toxic',
} as unknown as Extract<SandboxEvent, { type: 'fault' }>['fault']

const injected: EventPayload = { type: 'fault', what: 'injected', fault: refuse }
const healed: EventPayload = { type: 'fault', what: 'healed', fault: refuse, reason: 'asked' }

function reset(link: string): EventPayload {
  return { type: 'link', link, what: 'reset', connection: 1, detail: 'requested' }
}

/** One event every 10 ms, numbered from 1. */
function stamped(payloads: readonly EventPayload[]): SandboxEvent[] {
  return payloads.map((payload, i) => ({
    seq: i + 1,
    at: new Date(1_000_000 + i * 10).toISOString(),
    ms: i * 10,
    ...payload,
  }))
}

test('7,000 resets of two links during one fault are one row, with the fault as their cause', () => {
  const resets = Array.from({ length: 7_000 }, (_, i) =>
    reset(i % 2 === 0 ? 'api-1:postgres' : 'api-2:postgres'),
  )
  const rows = groupEvents(stamped([injected, ...resets, healed]))
  expect(rows.map(({ count, event }) => [event.type, count])).toEqual([
    ['fault', 1],
    ['link', 7_000],
    ['fault', 1],
  ])
  expect(rows[1]?.text).toContain('api-1:postgres, api-2:postgres: 7000 connections reset')
  expect(rows[1]?.text).toContain('refuse')
  expect(rows[1]?.last.seq).toBe(7_001)
})

test('a reset after the fault has another cause, so it is a row of its own', () => {
  const rows = groupEvents(
    stamped([injected, reset('api-1:postgres'), healed, reset('api-1:postgres')]),
  )
  expect(rows.map(({ count }) => count)).toEqual([1, 1, 1, 1])
})

test('an instance that is down is the cause of failed attempts to connect to it', () => {
  const failed = (link: string): EventPayload => ({ type: 'link', link, what: 'upstream-failed' })
  const rows = groupEvents(
    stamped([
      { type: 'instance', instance: 'payments', state: 'exited', by: 'user', signal: 'SIGKILL' },
      failed('worker-1:payments'),
      failed('worker-2:payments'),
      { type: 'instance', instance: 'payments', state: 'ready', by: 'itself' },
      failed('worker-1:payments'),
    ]),
  )
  expect(rows.map(({ count }) => count)).toEqual([1, 2, 1, 1])
  expect(rows[1]?.text).toContain('payments is down')
})

test('a failed attempt to connect and the reset that follows it are one row', () => {
  const failed: EventPayload = { type: 'link', link: 'a:b', what: 'upstream-failed' }
  const [row, ...others] = groupEvents(
    stamped([failed, reset('a:b'), failed, reset('a:b'), failed, reset('a:b')]),
  )
  expect(others).toEqual([])
  expect(row).toMatchObject({ count: 6, tone: 'bad' })
  expect(row?.text).toBe('a:b: 3 failed attempts to connect, 3 connections reset')
})

test('without a cause, resets of different links, or with 10 s between them, are not one row', () => {
  const events = stamped([reset('a:b'), reset('a:c'), reset('a:b')])
  expect(groupEvents(events).map(({ count }) => count)).toEqual([2, 1])
  const late = events.map((event, i) => (i === 2 ? { ...event, ms: 20_000 } : event))
  expect(groupEvents(late).map(({ count }) => count)).toEqual([1, 1, 1])
})

test('an outage does not push other events out of a bounded list, and many rows stay bounded', () => {
  const grouper = createEventGrouper(10)
  const note = (text: string): EventPayload => ({ type: 'note', level: 'info', text })
  const resets = Array.from({ length: 500 }, () => reset('api-1:postgres'))
  for (const event of stamped([note('first'), injected, ...resets])) grouper.add(event)
  expect(grouper.rows.map(({ text }) => text)[0]).toBe('first')
  for (const event of stamped(Array.from({ length: 50 }, (_, i) => note(`${i}`))))
    grouper.add(event)
  expect(grouper.rows.map(({ text }) => text)).toEqual(
    Array.from({ length: 10 }, (_, i) => `${40 + i}`),
  )
})

test('the rows are the same array until an event changes them', () => {
  const grouper = createEventGrouper(10)
  const [first, second] = stamped([reset('a:b'), reset('a:b')])
  grouper.add(first as SandboxEvent)
  const before = grouper.rows
  expect(grouper.add({ seq: 9, at: '', ms: 9, type: 'link', link: 'a:b', what: 'opened' })).toBe(
    false,
  )
  expect(grouper.rows).toBe(before)
  grouper.add(second as SandboxEvent)
  expect(grouper.rows).not.toBe(before)
})
